import { checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface ExponentialScheduleOptions extends ScheduleOptions {
  /** What each position multiplies by. */
  readonly factor: number;
}

/** Falls by the same share at every position, without an end: `factor^position`. Errors: unknown options; values out of range. */
export class ExponentialSchedule extends Schedule<ExponentialScheduleOptions> {
  static override readonly kind = 'ExponentialSchedule';

  constructor(options: ExponentialScheduleOptions) {
    super(options, ['factor']);
    if (options.factor === undefined)
      throw new TypeError('ExponentialSchedule needs the option factor: what each position multiplies the rate by.');
    checkRange('ExponentialSchedule', 'factor', options.factor);
  }

  override at(position: number): number {
    return this.options.factor ** position;
  }
}
