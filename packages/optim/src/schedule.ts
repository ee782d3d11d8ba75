import { checkOptions } from '@nn/tensor';

export interface ScheduleOptions {
  /** What positions count. Default `step`. */
  readonly per?: 'step' | 'epoch';
}

/**
 * How the learning rate goes over a training run: a factor on the rate that the optimizer was made with, at each position
 * from 0 on (steps, or epochs with `per: 'epoch'`). A schedule has no state; its place is the position alone.
 *
 * ```ts
 * const schedule = new CosineSchedule({ steps: 1000, warmup: 50 });
 * optimizer.learningRate = optimizer.initialLearningRate * schedule.at(step);
 * ```
 */
export abstract class Schedule<O extends ScheduleOptions = ScheduleOptions> {
  /** The name in files. */
  static readonly kind: string;
  readonly options: Readonly<O>;

  /** @param known The options that the schedule takes besides `per`. Errors: unknown options. */
  constructor(options: O, known: readonly string[]) {
    const { kind } = this;
    checkOptions(kind, options, [...known, 'per']);
    if (options.per !== undefined && options.per !== 'step' && options.per !== 'epoch')
      throw new TypeError(`${kind}: per is 'step' or 'epoch', not ${JSON.stringify(options.per)}.`);
    this.options = Object.freeze({ ...options });
  }

  get kind(): string {
    return (this.constructor as typeof Schedule).kind;
  }

  /** What positions count. */
  get per(): 'step' | 'epoch' {
    return this.options.per ?? 'step';
  }

  /** The factor at `position`, of `total` positions in the whole run where that is known. */
  abstract at(position: number, total?: number): number;
}
