import { add, multiply, negate, softplus, subtract, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'BinaryCrossEntropyWithLogits';

/**
 * `mean(−t·ln σ(x) − (1−t)·ln(1−σ(x)))` of logits x and probabilities t, computed as `t·softplus(−x) + (1−t)·softplus(x)`:
 * exact where the prediction is sure, finite for every x. Shapes: logits [...], target [...], equal → [].
 * Errors: unknown options; shapes that differ.
 */
export function binaryCrossEntropyWithLogits(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLossOptions(kind, options);
  const t = matchingTarget(kind, logits, target);
  const whereOne = multiply(t, softplus(negate(logits)));
  const whereZero = multiply(subtract(1, t), softplus(logits));
  return reduce(add(whereOne, whereZero), options);
}

/** Binary cross-entropy of logits, `binaryCrossEntropyWithLogits`, for a Trainer. Errors: unknown options. */
export class BinaryCrossEntropyWithLogits extends Loss {
  static override readonly kind: string = kind;

  constructor(options: LossOptions = {}) {
    checkLossOptions(kind, options);
    super(options);
  }

  override run(logits: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(logits, target, this.options);
  }
}
