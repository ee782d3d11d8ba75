import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface LinearWarmupOptions extends ScheduleOptions {
  /** Positions until the full rate. */
  readonly steps: number;
  /** The factor that the rise starts above. Default 0. */
  readonly from?: number;
  /** What follows the rise, its positions counted from there. Default: the full rate. */
  readonly next?: Schedule;
}

/**
 * Rises evenly, `from + (1 − from)·(position + 1)/steps`, then goes on as `next` does, or stays. The last position of the
 * rise has the full rate, and the first one is above `from`, so that no step is wasted.
 * Errors: unknown options; values out of range; a `next` that counts other positions.
 *
 * ```ts
 * new LinearWarmup({ steps: 500, next: new MultiStepSchedule({ milestones: [10_000, 20_000] }) });
 * ```
 */
export class LinearWarmup extends Schedule<LinearWarmupOptions> {
  static override readonly kind = 'LinearWarmup';

  constructor(options: LinearWarmupOptions) {
    super(options, ['steps', 'from', 'next']);
    const { steps, from, next } = options;
    if (steps === undefined) throw new TypeError('LinearWarmup needs the option steps: how long the rise is.');
    checkCount('LinearWarmup', 'steps', steps);
    checkRange('LinearWarmup', 'from', from);
    if (next === undefined) return;
    if (!(next instanceof Schedule))
      throw new TypeError('LinearWarmup: next is a schedule, such as new CosineSchedule({ steps: 1000 }).');
    if (next.per !== this.per)
      throw new TypeError(
        `LinearWarmup counts each ${this.per} and its next, ${next.kind}, each ${next.per}; give both the same per.`,
      );
  }

  override get monitor(): string | undefined {
    return this.options.next?.monitor;
  }

  override at(position: number, total?: number, measured?: readonly number[]): number {
    const { steps, from = 0, next } = this.options;
    if (position < steps) return from + (1 - from) * ((position + 1) / steps);
    return next ? next.at(position - steps, total && total - steps, measured) : 1;
  }
}
