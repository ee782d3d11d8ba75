export { Checkpoints, type CheckpointsOptions, latestCheckpoint } from './checkpoints.js';
export { FileError } from './file-error.js';
export { loadModel } from './model.js';
export { save } from './save.js';
export { loadStateDict, saveStateDict } from './state-dict.js';
export { loadTrainer, type TrainerClasses } from './trainer.js';
export { writeFileAtomically } from './write-atomically.js';
