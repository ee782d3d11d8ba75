import {
  add,
  cast,
  formatShape,
  logSoftmax,
  multiply,
  negate,
  sameShape,
  softmaxCrossEntropy,
  sum,
  type Tensor,
} from '@nn/tensor';
import {
  type ClassIndexOptions,
  checkClassIndexOptions,
  checkClassIndices,
  checkScores,
  classRows,
  classWeightsOf,
  misfit,
  reduceRows,
  weightedRows,
} from './class-indices.js';
import { Loss } from './loss.js';
import { reduce } from './reduction.js';
import { checkTensors } from './target.js';

const kind = 'CrossEntropy';

export interface CrossEntropyOptions extends ClassIndexOptions {
  /** The share of the target, 0 to 1, that is spread evenly over all classes. Default 0. Szegedy et al. 2015, §7. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of softmax(logits) against what is true: `−Σ t·ln softmax(logits)` a row, then the mean over rows.
 * Shapes: logits [rows, classes]; target [rows] class indices (i32 or u8), or [rows, classes] probabilities (one-hot or
 * soft) → []. A mean over ignored rows alone is NaN, as in PyTorch. Errors: unknown options and values out of range;
 * shapes or dtypes that do not fit; a class index outside 0…classes−1.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkCrossEntropyOptions(options);
  checkTensors(kind, logits, target);
  return sameShape(logits.shape, target.shape)
    ? againstProbabilities(logits, target, options)
    : againstIndices(logits, target, options);
}

function againstIndices(logits: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing = 0, classWeights } = options;
  const others = ` or ${formatShape(logits.shape)} probabilities`;
  checkClassIndices(kind, logits, target, { classWeights, others });
  const weights = classWeightsOf(logits, options);
  const rows = classRows(target, weights, options);
  const losses = weightedRows(softmaxCrossEntropy(logits, rows.indices)[0], rows);
  if (labelSmoothing === 0) return reduceRows(losses, rows, options);
  const even = multiply(sum(weighted(logSoftmax(logits), weights), { axis: -1 }), -1 / logits.shape[1]);
  return reduceRows(add(multiply(losses, 1 - labelSmoothing), multiply(even, labelSmoothing)), rows, options);
}

function againstProbabilities(logits: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing = 0, classWeights, ignoredIndex } = options;
  checkScores(kind, logits, target, classWeights);
  if (ignoredIndex !== undefined)
    throw misfit(kind, logits, target, 'ignoredIndex needs class indices as target, not probabilities.');
  const given = cast(target, { dtype: logits.dtype });
  const smoothed =
    labelSmoothing > 0 ? add(multiply(given, 1 - labelSmoothing), labelSmoothing / logits.shape[1]) : given;
  const terms = multiply(smoothed, weighted(logSoftmax(logits), classWeightsOf(logits, options)));
  return reduce(negate(sum(terms, { axis: -1 })), options);
}

const weighted = (x: Tensor, weights: Tensor | undefined) => (weights ? multiply(x, weights) : x);

function checkCrossEntropyOptions(options: CrossEntropyOptions): void {
  checkClassIndexOptions(kind, options, ['labelSmoothing', 'classWeights', 'ignoredIndex']);
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new RangeError(`${kind}: labelSmoothing is a share from 0 to 1, not ${labelSmoothing}.`);
}

/** Cross-entropy from logits, `crossEntropy`, for a Trainer. Errors: unknown options and values out of range. */
export class CrossEntropy extends Loss<CrossEntropyOptions> {
  static override readonly kind: string = kind;

  constructor(options: CrossEntropyOptions = {}) {
    checkCrossEntropyOptions(options);
    super(options);
  }

  override run(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this.options);
  }
}
