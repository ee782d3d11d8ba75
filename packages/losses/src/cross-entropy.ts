import {
  add,
  cast,
  divide,
  formatShape,
  gatherRows,
  inLayer,
  isFloat,
  logSoftmax,
  multiply,
  notEqual,
  ShapeError,
  sameShape,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  tensor,
  where,
} from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { checkTensors } from './target.js';

const kind = 'CrossEntropy';

export interface CrossEntropyOptions extends LossOptions {
  /** The share of the target, 0 to 1, that is spread evenly over all classes. Default 0. Szegedy et al. 2015, §7. */
  readonly labelSmoothing?: number;
  /** A weight for each class; the mean divides by the weights of the targets. Default: all 1. */
  readonly classWeights?: readonly number[];
  /** Rows with this class index count for nothing. Default: none is ignored. */
  readonly ignoredIndex?: number;
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
  checkLogits(logits, target, options);
  return sameShape(logits.shape, target.shape)
    ? againstProbabilities(logits, target, options)
    : againstIndices(logits, target, options);
}

function againstIndices(logits: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing = 0, ignoredIndex, reduction = 'mean' } = options;
  const indices = cast(target, { dtype: 'i32' });
  const counted = ignoredIndex === undefined ? undefined : notEqual(indices, ignoredIndex);
  const chosen = counted ? where(counted, indices, 0) : indices;
  const weights = classWeights(logits, options);

  let [losses] = softmaxCrossEntropy(logits, chosen);
  let rowWeights = weights && gatherRows(weights, chosen);
  if (rowWeights) losses = multiply(losses, rowWeights);
  if (labelSmoothing > 0) {
    const even = multiply(sum(weighted(logSoftmax(logits), weights), { axis: -1 }), -1 / logits.shape[1]);
    losses = add(multiply(losses, 1 - labelSmoothing), multiply(even, labelSmoothing));
  }
  if (counted) {
    losses = where(counted, losses, 0);
    rowWeights = rowWeights ? where(counted, rowWeights, 0) : cast(counted, { dtype: logits.dtype });
  }
  return rowWeights && reduction === 'mean' ? divide(sum(losses), sum(rowWeights)) : reduce(losses, options);
}

function againstProbabilities(logits: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing = 0 } = options;
  const given = cast(target, { dtype: logits.dtype });
  const smoothed =
    labelSmoothing > 0 ? add(multiply(given, 1 - labelSmoothing), labelSmoothing / logits.shape[1]) : given;
  const terms = multiply(smoothed, weighted(logSoftmax(logits), classWeights(logits, options)));
  return reduce(multiply(sum(terms, { axis: -1 }), -1), options);
}

const weighted = (x: Tensor, weights: Tensor | undefined) => (weights ? multiply(x, weights) : x);

const classWeights = (logits: Tensor, { classWeights }: CrossEntropyOptions) =>
  classWeights && tensor([...classWeights], { dtype: logits.dtype });

function checkLogits(logits: Tensor, target: Tensor, { classWeights, ignoredIndex }: CrossEntropyOptions): void {
  const refuse = (reason: string) => {
    const shapes = `logits ${formatShape(logits.shape)} and target ${formatShape(target.shape)} ${target.dtype}`;
    throw new ShapeError(`${kind}${inLayer()} with ${shapes}: ${reason}`);
  };
  if (logits.shape.length !== 2) refuse('logits must be [rows, classes]; flatten or permute them.');
  const [rows, classes] = logits.shape;
  if (classWeights && classWeights.length !== classes)
    refuse(`classWeights has ${classWeights.length} weights for ${classes} classes.`);
  if (sameShape(logits.shape, target.shape)) {
    if (ignoredIndex !== undefined) refuse('ignoredIndex needs class indices as target, not probabilities.');
    return;
  }
  if (target.shape.length !== 1 || target.shape[0] !== rows)
    refuse(`the target must be [${rows}] class indices or [${rows}, ${classes}] probabilities.`);
  if (isFloat(target.dtype))
    refuse(`class indices must be i32 or u8; convert them with cast(target, { dtype: 'i32' }).`);
}

function checkCrossEntropyOptions(options: CrossEntropyOptions): void {
  checkLossOptions(kind, options, ['labelSmoothing', 'classWeights', 'ignoredIndex']);
  const { labelSmoothing = 0, classWeights = [0], ignoredIndex = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new RangeError(`${kind}: labelSmoothing is a share from 0 to 1, not ${labelSmoothing}.`);
  if (classWeights.length === 0 || !classWeights.every((weight) => weight >= 0 && weight < Infinity))
    throw new RangeError(`${kind}: classWeights are finite numbers, 0 or more, one a class, not [${classWeights}].`);
  if (!Number.isInteger(ignoredIndex))
    throw new RangeError(`${kind}: ignoredIndex is a whole number, not ${ignoredIndex}.`);
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
