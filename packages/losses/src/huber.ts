import { checkRange, clamp, multiply, subtract, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'Huber';

export interface HuberOptions extends LossOptions {
  /** The difference from which on the loss is a straight line; above 0. Default 1. */
  readonly delta?: number;
}

/**
 * The mean, over every number, of `d²/2` where |d| ≤ δ and of `δ·(|d| − δ/2)` beyond, for `d = prediction − target`.
 * Computed as `c·(d − c/2)` with d clamped to ±δ as c. Shapes: prediction [...], target [...], equal → [].
 * Source: Huber 1964, "Robust Estimation of a Location Parameter". Errors: unknown options, δ not above 0; shapes that differ.
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  checkHuberOptions(options);
  const { delta = 1 } = options;
  const difference = subtract(prediction, matchingTarget(kind, prediction, target));
  return reduce(parabolaWithin(difference, delta), options);
}

/** `d²/2` where |d| ≤ `bound`, and beyond that its tangents. Shapes: d [...] → [...]. */
export function parabolaWithin(d: Tensor, bound: number): Tensor {
  const c = clamp(d, { low: -bound, high: bound });
  return multiply(c, subtract(d, multiply(c, 0.5)));
}

function checkHuberOptions(options: HuberOptions): void {
  checkLossOptions(kind, options, ['delta']);
  checkRange(kind, 'delta', options.delta, { from: Number.MIN_VALUE });
}

/** Squares of small differences, sizes of large ones, `huber`, for a Trainer. Errors: unknown options, δ not above 0. */
export class Huber extends Loss<HuberOptions> {
  static override readonly kind: string = kind;

  constructor(options: HuberOptions = {}) {
    checkHuberOptions(options);
    super(options);
  }

  override run(prediction: Tensor, target: Tensor): Tensor {
    return huber(prediction, target, this.options);
  }
}
