export { Adadelta, type AdadeltaOptions } from './adadelta.js';
export { adadeltaUpdate } from './adadelta-update.js';
export { Adagrad, type AdagradOptions } from './adagrad.js';
export { adagradUpdate } from './adagrad-update.js';
export { Adam, type AdamOptions } from './adam.js';
export { adamUpdate } from './adam-update.js';
export { AdamW } from './adamw.js';
export { clipByNorm, clipByValue } from './clip.js';
export { Lion, type LionOptions } from './lion.js';
export { lionUpdate } from './lion-update.js';
export { NAdam, type NAdamOptions } from './nadam.js';
export { nadamMomentum, nadamUpdate } from './nadam-update.js';
export {
  type Memory,
  Optimizer,
  type OptimizerDefaults,
  type OptimizerOptions,
  type OptimizerState,
  type StepSettings,
} from './optimizer.js';
export type { Decay, ParameterGroup } from './parameter-groups.js';
export { RMSprop, type RMSpropOptions } from './rmsprop.js';
export { rmspropUpdate } from './rmsprop-update.js';
export { Schedule, type ScheduleOptions } from './schedule.js';
export { ConstantSchedule } from './schedules/constant.js';
export { CosineSchedule, type CosineScheduleOptions } from './schedules/cosine.js';
export { CosineWarmRestarts, type CosineWarmRestartsOptions } from './schedules/cosine-warm-restarts.js';
export { ExponentialSchedule, type ExponentialScheduleOptions } from './schedules/exponential.js';
export { LinearWarmup, type LinearWarmupOptions } from './schedules/linear-warmup.js';
export { MultiStepSchedule, type MultiStepScheduleOptions } from './schedules/multi-step.js';
export { OneCycleSchedule, type OneCycleScheduleOptions } from './schedules/one-cycle.js';
export { ReduceOnPlateau, type ReduceOnPlateauOptions } from './schedules/reduce-on-plateau.js';
export { StepSchedule, type StepScheduleOptions } from './schedules/step.js';
export { SGD, type SGDOptions } from './sgd.js';
export { sgdUpdate } from './sgd-update.js';
