import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface CosineWarmRestartsOptions extends ScheduleOptions {
  /** Positions of the first fall. */
  readonly steps: number;
  /** How many times as long each fall is as the one before, 1 or more. Default 1. */
  readonly multiplier?: number;
  /** The factor that falls go towards. Default 0. */
  readonly final?: number;
}

/**
 * Falls along half a cosine, then jumps back to the full rate and falls anew, without an end:
 * `final + (1 − final)·(1 + cos(π·p))/2`, where p goes from 0 to 1 in each fall, whose end is the next one's start.
 * Source: Loshchilov & Hutter 2016, arXiv:1608.03983, eq. 5. Errors: unknown options; values out of range.
 */
export class CosineWarmRestarts extends Schedule<CosineWarmRestartsOptions> {
  static override readonly kind = 'CosineWarmRestarts';

  constructor(options: CosineWarmRestartsOptions) {
    super(options, ['steps', 'multiplier', 'final']);
    if (options.steps === undefined)
      throw new TypeError('CosineWarmRestarts needs the option steps: how long the first fall is.');
    checkCount('CosineWarmRestarts', 'steps', options.steps);
    checkRange('CosineWarmRestarts', 'multiplier', options.multiplier, { from: 1 });
    checkRange('CosineWarmRestarts', 'final', options.final);
  }

  override at(position: number): number {
    const { steps, multiplier = 1, final = 0 } = this.options;
    let [start, length] = multiplier === 1 ? [position - (position % steps), steps] : [0, steps];
    while (position - start >= length) {
      start += length;
      length *= multiplier;
    }
    return final + ((1 - final) * (1 + Math.cos((Math.PI * (position - start)) / length))) / 2;
  }
}
