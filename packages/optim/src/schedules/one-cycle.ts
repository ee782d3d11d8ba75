import { checkCount, checkRange } from '@nn/tensor';
import { endsEarly, Schedule, type ScheduleOptions } from '../schedule.js';

export interface OneCycleScheduleOptions extends ScheduleOptions {
  /** Positions of the cycle. Default: the whole run, which a Trainer knows. */
  readonly steps?: number;
  /** The share of the cycle that rises. Default 0.3. */
  readonly risingShare?: number;
  /** The rate starts at 1/divisor of the optimizer's. Default 25. */
  readonly divisor?: number;
  /** The rate ends at 1/finalDivisor of what it started at. Default 10 000. */
  readonly finalDivisor?: number;
  /** How it goes from one to the next. Default `cosine`. */
  readonly annealing?: 'cosine' | 'linear';
  /** True to fall to the start as evenly as it rose, and only then to the end. Default false. */
  readonly threePhases?: boolean;
}

/**
 * Rises from 1/divisor to the optimizer's rate, the highest one, and falls to 1/(divisor·finalDivisor), where it stays.
 * The last of the positions has the end's rate. Momentum stays as it is.
 * Source: Smith & Topin 2017, arXiv:1708.07120, §3. Errors: unknown options; values out of range.
 */
export class OneCycleSchedule extends Schedule<OneCycleScheduleOptions> {
  static override readonly kind = 'OneCycleSchedule';

  constructor(options: OneCycleScheduleOptions = {}) {
    super(options, ['steps', 'risingShare', 'divisor', 'finalDivisor', 'annealing', 'threePhases']);
    const { risingShare, annealing = 'cosine', threePhases = false } = options;
    checkCount('OneCycleSchedule', 'steps', options.steps);
    checkRange('OneCycleSchedule', 'risingShare', risingShare, { to: threePhases ? 0.5 : 1 });
    checkRange('OneCycleSchedule', 'divisor', options.divisor, { from: 1 });
    checkRange('OneCycleSchedule', 'finalDivisor', options.finalDivisor, { from: 1 });
    if (annealing !== 'cosine' && annealing !== 'linear')
      throw new TypeError(`OneCycleSchedule: annealing is 'cosine' or 'linear', not ${JSON.stringify(annealing)}.`);
  }

  /** Errors: neither `steps` nor `total` says how long the cycle is; a run that goes on after it, at next to no rate. */
  override at(position: number, total?: number): number {
    const { steps = total, divisor = 25, finalDivisor = 1e4 } = this.options;
    const { risingShare = 0.3, threePhases = false, annealing = 'cosine' } = this.options;
    if (steps === undefined)
      throw new Error(
        'OneCycleSchedule does not know how long the cycle is; give it the option steps, or a Trainer data of known length.',
      );
    if (total !== undefined && steps < total) throw endsEarly(this, steps, total);
    const [low, lowest] = [1 / divisor, 1 / (divisor * finalDivisor)];
    const top = risingShare * steps - 1;
    const fall = [steps - 1, lowest] as const;
    let [start, from] = [0, low];
    for (const [end, to] of threePhases ? [[top, 1], [2 * top, low], fall] : [[top, 1], fall]) {
      if (position < end) return from + (to - from) * easings[annealing]((position - start) / (end - start));
      if (position === end) return to;
      [start, from] = [end, to];
    }
    return lowest;
  }
}

/** The share of the way at each share p of the time. */
const easings = {
  cosine: (p: number) => (1 - Math.cos(Math.PI * p)) / 2,
  linear: (p: number) => p,
};
