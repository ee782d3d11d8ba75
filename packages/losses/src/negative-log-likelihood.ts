import { negate, oneHot, sum, type Tensor, where } from '@nn/tensor';
import {
  type ClassIndexOptions,
  checkClassIndexOptions,
  checkClassIndices,
  classRows,
  classWeightsOf,
  reduceRows,
  weightedRows,
} from './class-indices.js';
import { Loss } from './loss.js';
import { checkTensors } from './target.js';

const kind = 'NegativeLogLikelihood';

/**
 * The mean of `−x[target]` over rows, of logarithms of probabilities x, as `logSoftmax` gives them. From logits,
 * `crossEntropy` is the same in one. Shapes: logProbabilities [rows, classes], target [rows] class indices (i32 or u8) → [].
 * A mean over ignored rows alone is NaN, as in PyTorch. Errors: unknown options and values out of range; shapes or dtypes
 * that do not fit; a class index outside 0…classes−1.
 */
export function negativeLogLikelihood(
  logProbabilities: Tensor,
  target: Tensor,
  options: ClassIndexOptions = {},
): Tensor {
  checkClassIndexOptions(kind, options, ['classWeights', 'ignoredIndex']);
  checkTensors(kind, logProbabilities, target);
  checkClassIndices(kind, logProbabilities, target, options);
  const rows = classRows(target, classWeightsOf(logProbabilities, options), options);
  const chosen = oneHot(rows.indices, { classes: logProbabilities.shape[1], dtype: 'u8' });
  const losses = negate(sum(where(chosen, logProbabilities, 0), { axis: -1 }));
  return reduceRows(weightedRows(losses, rows), rows, options);
}

/** The negative log-likelihood, `negativeLogLikelihood`, for a Trainer. Errors: unknown options and values out of range. */
export class NegativeLogLikelihood extends Loss<ClassIndexOptions> {
  static override readonly kind: string = kind;

  constructor(options: ClassIndexOptions = {}) {
    checkClassIndexOptions(kind, options, ['classWeights', 'ignoredIndex']);
    super(options);
  }

  override run(logProbabilities: Tensor, target: Tensor): Tensor {
    return negativeLogLikelihood(logProbabilities, target, this.options);
  }
}
