import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface MultiStepScheduleOptions extends ScheduleOptions {
  /** The positions of the drops, rising. */
  readonly milestones: readonly number[];
  /** What each drop multiplies by. Default 0.1. */
  readonly factor?: number;
}

/**
 * A drop at each milestone: `factor^(milestones up to position)`; after the last one the rate stays.
 * Errors: unknown options; milestones that are no whole numbers from 1, or do not rise; values out of range.
 */
export class MultiStepSchedule extends Schedule<MultiStepScheduleOptions> {
  static override readonly kind = 'MultiStepSchedule';

  constructor(options: MultiStepScheduleOptions) {
    super(options, ['milestones', 'factor']);
    const { milestones, factor } = options;
    if (!Array.isArray(milestones) || milestones.length === 0)
      throw new TypeError('MultiStepSchedule needs the option milestones: where the rate drops, such as [30, 80].');
    milestones.forEach((milestone, i) => {
      checkCount('MultiStepSchedule', `milestones[${i}]`, milestone);
      if (i > 0 && milestone <= milestones[i - 1])
        throw new RangeError(`MultiStepSchedule: milestones rise, and ${milestone} follows ${milestones[i - 1]}.`);
    });
    checkRange('MultiStepSchedule', 'factor', factor);
  }

  override at(position: number): number {
    const { milestones, factor = 0.1 } = this.options;
    return factor ** milestones.filter((milestone) => milestone <= position).length;
  }
}
