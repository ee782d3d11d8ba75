import { checkOptions } from '@nn/tensor';

export interface ScheduleOptions {
  /** What positions count. Default `step`. */
  readonly per?: 'step' | 'epoch';
}

/** What is wrong where a run of `total` positions goes on after the rate has come to its end, for throwing. */
export const endsEarly = ({ kind, per }: Schedule, steps: number, total: number): RangeError =>
  new RangeError(
    `${kind} is at its end after ${steps} ${per}s, and the run has ${total}, so that the rest would learn nothing; leave ` +
      'out the option steps, or make it as large.',
  );

/**
 * How the learning rate goes over a training run: a factor on the rate that the optimizer was made with, at each position
 * from 0 on (steps, or epochs with `per: 'epoch'`). A schedule has no state: its factor follows from the position, and where
 * it has a `monitor` from what was measured so far, so that a run that goes on has the rates that it would have had.
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

  /** The figure that it must be told, such as `validation.loss`; undefined for a plan that is made beforehand. */
  get monitor(): string | undefined {
    return undefined;
  }

  /**
   * The factor at `position`, of `total` positions in the whole run where that is known; `measured` has the values of
   * `monitor` so far, one an epoch. Past its end a schedule stays at its last factor, unless it says otherwise.
   */
  abstract at(position: number, total?: number, measured?: readonly number[]): number;
}
