import { abs, subtract, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'MeanAbsoluteError';

/**
 * `mean(|prediction − target|)`, over every number; the gradient is 0 where they are equal.
 * Shapes: prediction [...], target [...], equal → []. Errors: unknown options; shapes that differ.
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLossOptions(kind, options);
  return reduce(abs(subtract(prediction, matchingTarget(kind, prediction, target))), options);
}

/** The mean of absolute differences, `meanAbsoluteError`, for a Trainer. Errors: unknown options. */
export class MeanAbsoluteError extends Loss {
  static override readonly kind: string = kind;

  constructor(options: LossOptions = {}) {
    checkLossOptions(kind, options);
    super(options);
  }

  override run(prediction: Tensor, target: Tensor): Tensor {
    return meanAbsoluteError(prediction, target, this.options);
  }
}
