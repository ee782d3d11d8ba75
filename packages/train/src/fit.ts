import type { AnyModule } from '@nn/layers';
import type { History } from './figures.js';
import type { TrainingOptions } from './run.js';
import { Trainer, type TrainerOptions } from './trainer.js';

/**
 * Trains a model, in one call: `new Trainer(model, …).fit(…)`.
 *
 * ```ts
 * await fit(model, { optimizer: new Adam(), losses: new CrossEntropy(), train, epochs: 5 });
 * ```
 * Errors: as `Trainer`.
 */
export function fit(model: AnyModule, options: TrainerOptions & TrainingOptions): Promise<History> {
  const {
    optimizer,
    losses,
    regularizers,
    metrics,
    schedule,
    clip,
    capture,
    checkNumbers,
    gradientNorms,
    ...training
  } = options;
  const own = { optimizer, losses, regularizers, metrics, schedule, clip, capture, checkNumbers, gradientNorms };
  return new Trainer(model, own).fit(training);
}
