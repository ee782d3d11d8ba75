import { checkCount, checkRange } from '@nn/tensor';
import { endsEarly, Schedule, type ScheduleOptions } from '../schedule.js';

export interface CosineScheduleOptions extends ScheduleOptions {
  /** Positions until the end of the fall, warm-up included. Default: the whole run, which a Trainer knows. */
  readonly steps?: number;
  /** Positions of linear rise before the fall, the last of them at the full rate. Default 0. */
  readonly warmup?: number;
  /** The factor at the end, and after it. Default 0. */
  readonly final?: number;
}

/**
 * Falls along half a cosine: `final + (1 − final)·(1 + cos(π·p))/2`, where p goes from 0 after the warm-up to 1 at `steps`.
 * Source: Loshchilov & Hutter 2016, arXiv:1608.03983, eq. 5. Errors: unknown options; values out of range.
 */
export class CosineSchedule extends Schedule<CosineScheduleOptions> {
  static override readonly kind = 'CosineSchedule';

  constructor(options: CosineScheduleOptions = {}) {
    super(options, ['steps', 'warmup', 'final']);
    checkCount('CosineSchedule', 'steps', options.steps);
    checkRange('CosineSchedule', 'warmup', options.warmup);
    checkRange('CosineSchedule', 'final', options.final);
    const { steps = Infinity, warmup = 0 } = options;
    if (warmup > steps)
      throw new RangeError(
        `CosineSchedule: a warmup of ${warmup} would not end within the ${steps} steps, which include it; make it shorter.`,
      );
  }

  /** Errors: neither `steps` nor `total` says how long the run is; a run that goes on at a rate of 0. */
  override at(position: number, total?: number): number {
    const { steps = total, warmup = 0, final = 0 } = this.options;
    if (steps === undefined)
      throw new Error(
        'CosineSchedule does not know how long the run is; give it the option steps, or a Trainer data of known length.',
      );
    if (total !== undefined && steps < total && final === 0) throw endsEarly(this, steps, total);
    if (position < warmup) return (position + 1) / warmup;
    const progress = steps > warmup ? Math.min((position - warmup) / (steps - warmup), 1) : 1;
    return final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}
