import { abs, checkRange, multiply, subtract, type Tensor } from '@nn/tensor';
import { parabolaWithin } from './huber.js';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'SmoothL1';

export interface SmoothL1Options extends LossOptions {
  /** The difference from which on the loss is a straight line; 0 makes it the absolute difference. Default 1. */
  readonly beta?: number;
}

/**
 * The mean, over every number, of `d²/(2β)` where |d| < β and of `|d| − β/2` beyond, for `d = prediction − target`: Huber's
 * loss divided by its δ, so that the slope of large differences is 1. Shapes: prediction [...], target [...], equal → [].
 * Source: Girshick 2015, arXiv:1504.08083, §2.3. Errors: unknown options, β below 0; shapes that differ.
 */
export function smoothL1(prediction: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  checkSmoothL1Options(options);
  const { beta = 1 } = options;
  const difference = subtract(prediction, matchingTarget(kind, prediction, target));
  return reduce(beta === 0 ? abs(difference) : multiply(parabolaWithin(difference, beta), 1 / beta), options);
}

function checkSmoothL1Options(options: SmoothL1Options): void {
  checkLossOptions(kind, options, ['beta']);
  checkRange(kind, 'beta', options.beta);
}

/** Absolute differences, rounded off at 0, `smoothL1`, for a Trainer. Errors: unknown options, β below 0. */
export class SmoothL1 extends Loss<SmoothL1Options> {
  static override readonly kind: string = kind;

  constructor(options: SmoothL1Options = {}) {
    checkSmoothL1Options(options);
    super(options);
  }

  override run(prediction: Tensor, target: Tensor): Tensor {
    return smoothL1(prediction, target, this.options);
  }
}
