export type { Batch, BatchSource, Loader } from './batches.js';
export { type Callback, CallbackError, type CallbackState } from './callback.js';
export type { Clip } from './clip.js';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export type {
  EndEvent,
  EpochEndEvent,
  EpochStartEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
  ValidationStepEvent,
} from './events.js';
export { LossError } from './faults.js';
export type { End, EpochRecord, Figures, History, MetricValue } from './figures.js';
export { fit } from './fit.js';
export { type Losses, type LossTerm, type ResolvedLoss, resolveLosses, type WeightedLoss } from './losses.js';
export { Monitor, type MonitorOptions } from './monitor.js';
export type { AnyMetric, Metrics, Regularizers } from './objective.js';
export type { Position } from './position.js';
export { predict } from './predict.js';
export { ProgressBar, type ProgressBarOptions } from './progress-bar.js';
export type { TrainingOptions } from './run.js';
export type { Sums } from './tally.js';
export {
  Trainer,
  type TrainerOptions,
  type TrainerState,
} from './trainer.js';
