import { add, multiply, negate, subtract, type Tensor } from '@nn/tensor';
import { boundedLog } from './bounded-log.js';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'BinaryCrossEntropy';

/**
 * `mean(−t·ln x − (1−t)·ln(1−x))` of probabilities x, as a sigmoid gives them, and probabilities t; logarithms are at least
 * −100, slopes at most 10¹². The slope is `(x−t) / (x·(1−x))`, not the `x−t` that a loss of logits has. From logits,
 * `binaryCrossEntropyWithLogits` is exact where this rounds. Shapes: probabilities [...], target [...], equal → [].
 * NaN for numbers outside 0…1. Errors: unknown options; shapes that differ.
 */
export function binaryCrossEntropy(probabilities: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLossOptions(kind, options);
  const t = matchingTarget(kind, probabilities, target);
  const whereOne = multiply(t, boundedLog(probabilities));
  const whereZero = multiply(subtract(1, t), boundedLog(subtract(1, probabilities)));
  return reduce(negate(add(whereOne, whereZero)), options);
}

/** Binary cross-entropy of probabilities, `binaryCrossEntropy`, for a Trainer. Errors: unknown options. */
export class BinaryCrossEntropy extends Loss {
  static override readonly kind: string = kind;

  constructor(options: LossOptions = {}) {
    checkLossOptions(kind, options);
    super(options);
  }

  override run(probabilities: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(probabilities, target, this.options);
  }
}
