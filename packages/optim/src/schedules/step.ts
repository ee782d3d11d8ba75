import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface StepScheduleOptions extends ScheduleOptions {
  /** Positions from one drop to the next. */
  readonly every: number;
  /** What each drop multiplies by. Default 0.1. */
  readonly factor?: number;
}

/** A drop every so often: `factor^⌊position / every⌋`. Errors: unknown options; values out of range. */
export class StepSchedule extends Schedule<StepScheduleOptions> {
  static override readonly kind = 'StepSchedule';

  constructor(options: StepScheduleOptions) {
    super(options, ['every', 'factor']);
    if (options.every === undefined)
      throw new TypeError('StepSchedule needs the option every: how often the rate drops.');
    checkCount('StepSchedule', 'every', options.every);
    checkRange('StepSchedule', 'factor', options.factor);
  }

  override at(position: number): number {
    const { every, factor = 0.1 } = this.options;
    return factor ** Math.floor(position / every);
  }
}
