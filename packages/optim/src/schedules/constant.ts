import { Schedule, type ScheduleOptions } from '../schedule.js';

/** The optimizer's learning rate throughout: a factor of 1. */
export class ConstantSchedule extends Schedule {
  static override readonly kind = 'ConstantSchedule';

  constructor(options: ScheduleOptions = {}) {
    super(options, []);
  }

  override at(): number {
    return 1;
  }
}
