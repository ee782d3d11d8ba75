import { add, checkRange, multiply, oneHot, relu, square, subtract, sum, type Tensor, where } from '@nn/tensor';
import {
  type ClassIndexOptions,
  checkClassIndexOptions,
  checkClassIndices,
  classRows,
  classWeightsOf,
  weightedRows,
} from './class-indices.js';
import { Loss } from './loss.js';
import { reduce } from './reduction.js';
import { checkTensors } from './target.js';

const kind = 'MultiMargin';

export interface MultiMarginOptions extends Pick<ClassIndexOptions, 'reduction' | 'classWeights'> {
  /** How far the score of the true class must be above another for that one to cost nothing. Default 1. */
  readonly margin?: number;
  /** 2 to square what each class costs. Default 1. */
  readonly power?: 1 | 2;
}

/**
 * The hinge loss for several classes: `Σ max(0, margin − x[target] + x[i])^power / classes` a row, over the other classes i,
 * times the weight of the target's class; then the mean over rows. Shapes: scores [rows, classes], target [rows] class indices (i32
 * or u8) → []. Source: Crammer & Singer 2001, "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines".
 * Errors: unknown options and values out of range; shapes or dtypes that do not fit; a class index outside 0…classes−1.
 */
export function multiMargin(scores: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  checkMultiMarginOptions(options);
  checkTensors(kind, scores, target);
  checkClassIndices(kind, scores, target, options);
  const { margin = 1, power = 1 } = options;
  const [, classes] = scores.shape;
  const rows = classRows(target, classWeightsOf(scores, options), {});
  const chosen = oneHot(rows.indices, { classes, dtype: 'u8' });
  const ofTarget = sum(where(chosen, scores, 0), { axis: -1, keepDims: true });
  const costs = where(chosen, 0, relu(add(subtract(scores, ofTarget), margin)));
  const single = multiply(sum(power === 2 ? square(costs) : costs, { axis: -1 }), 1 / classes);
  return reduce(weightedRows(single, rows), options);
}

function checkMultiMarginOptions(options: MultiMarginOptions): void {
  checkClassIndexOptions(kind, options, ['margin', 'power', 'classWeights']);
  checkRange(kind, 'margin', options.margin);
  const { power = 1 } = options;
  if (power !== 1 && power !== 2) throw new RangeError(`${kind}: power is 1 or 2, not ${power}.`);
}

/** The hinge loss of scores for classes, `multiMargin`, for a Trainer. Errors: unknown options and values out of range. */
export class MultiMargin extends Loss<MultiMarginOptions> {
  static override readonly kind: string = kind;

  constructor(options: MultiMarginOptions = {}) {
    checkMultiMarginOptions(options);
    super(options);
  }

  override run(scores: Tensor, target: Tensor): Tensor {
    return multiMargin(scores, target, this.options);
  }
}
