import { checkCount, checkRange } from '@nn/tensor';
import { Schedule, type ScheduleOptions } from '../schedule.js';

export interface ReduceOnPlateauOptions extends ScheduleOptions {
  /** What a Trainer is to watch: `train` or `validation`, a dot, and `loss` or another figure. Default `validation.loss`. */
  readonly monitor?: string;
  /** Which values are better. Default `min`; must be said where `monitor` is not a `loss`. */
  readonly mode?: 'min' | 'max';
  /** What each reduction multiplies by, below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without a better value that are put up with. Default 10. */
  readonly patience?: number;
  /** By how much a value must be better. Default 0.0001. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value, or as it is. Default `relative`. */
  readonly thresholdMode?: 'relative' | 'absolute';
  /** Epochs after a reduction in which none is counted as bad. Default 0. */
  readonly cooldown?: number;
  /** The smallest factor. Default 0. */
  readonly minimum?: number;
}

/**
 * Reduces the rate when a figure no longer gets better. Its factor follows from all values measured so far, so that it has
 * no state to save: a Trainer gives it those of its history, a loop of your own a list that it keeps.
 * NaN is never better. Errors: unknown options; values out of range.
 *
 * ```ts
 * losses.push(await evaluateLoss());
 * optimizer.learningRate = optimizer.initialLearningRate * plateau.after(losses);
 * ```
 */
export class ReduceOnPlateau extends Schedule<ReduceOnPlateauOptions> {
  static override readonly kind = 'ReduceOnPlateau';

  constructor(options: ReduceOnPlateauOptions = {}) {
    super(options, ['monitor', 'mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minimum']);
    const { mode, thresholdMode = 'relative' } = options;
    checkRange('ReduceOnPlateau', 'factor', options.factor, { below: 1 });
    checkCount('ReduceOnPlateau', 'patience', options.patience, 0);
    checkRange('ReduceOnPlateau', 'threshold', options.threshold);
    checkCount('ReduceOnPlateau', 'cooldown', options.cooldown, 0);
    checkRange('ReduceOnPlateau', 'minimum', options.minimum, { to: 1 });
    if (thresholdMode !== 'relative' && thresholdMode !== 'absolute')
      throw new TypeError(
        `ReduceOnPlateau: thresholdMode is 'relative' or 'absolute', not ${JSON.stringify(thresholdMode)}.`,
      );
    if (!/^(train|validation)\../.test(this.monitor))
      throw new TypeError(`ReduceOnPlateau: monitor is train or validation, a dot and a name, not "${this.monitor}".`);
    if (mode === undefined && !this.monitor.endsWith('.loss'))
      throw new TypeError(
        `ReduceOnPlateau: say whether small values of ${this.monitor} are better, with mode: 'min', or large ones, with mode: 'max'.`,
      );
    if (mode !== undefined && mode !== 'min' && mode !== 'max')
      throw new TypeError(`ReduceOnPlateau: mode is 'min' or 'max', not ${JSON.stringify(mode)}.`);
  }

  override get monitor(): string {
    return this.options.monitor ?? 'validation.loss';
  }

  /** The factor after the values measured so far: 1 before the first. */
  after(measured: readonly number[]): number {
    const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0 } = this.options;
    let [result, best, bad, resting] = [1, undefined as number | undefined, 0, 0];
    for (const value of measured) {
      if (this.#isBetter(value, best)) [best, bad] = [value, 0];
      else bad++;
      if (resting > 0) [resting, bad] = [resting - 1, 0];
      if (bad <= patience) continue;
      result = Math.max(result * factor, minimum);
      [resting, bad] = [cooldown, 0];
    }
    return result;
  }

  override at(_position: number, _total?: number, measured: readonly number[] = []): number {
    return this.after(measured);
  }

  #isBetter(value: number, best: number | undefined): boolean {
    const { mode = 'min', threshold = 1e-4, thresholdMode = 'relative' } = this.options;
    if (best === undefined) return !Number.isNaN(value);
    const margin = thresholdMode === 'relative' ? best * threshold : threshold;
    return mode === 'min' ? value < best - margin : value > best + margin;
  }
}
