import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface LinearWarmupOptions extends ScheduleOptions {
  /** Positions until the full rate. */
  readonly steps: number;
  /** The factor that the rise starts above. Default 0. */
  readonly from?: number;
}

/**
 * Rises evenly, then stays: `from + (1 − from)·(position + 1)/steps`, at most 1. The last position of the rise has the full
 * rate, and the first one is above `from`, so that no step is wasted. Errors: unknown options; values out of range.
 */
export class LinearWarmup extends Schedule<LinearWarmupOptions> {
  static override readonly kind = 'LinearWarmup';

  constructor(options: LinearWarmupOptions) {
    super(options, ['steps', 'from']);
    if (options.steps === undefined) throw new TypeError('LinearWarmup needs the option steps: how long the rise is.');
    checkCount('LinearWarmup', 'steps', options.steps);
    checkRange('LinearWarmup', 'from', options.from);
  }

  override at(position: number): number {
    const { steps, from = 0 } = this.options;
    return from + (1 - from) * Math.min((position + 1) / steps, 1);
  }
}
