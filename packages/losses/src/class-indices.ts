import {
  cast,
  divide,
  formatShape,
  gatherRows,
  inLayer,
  isFloat,
  multiply,
  notEqual,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  where,
} from '@nn/tensor';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';

/** What losses against class indices take. */
export interface ClassIndexOptions extends LossOptions {
  /** A weight for each class; the mean divides by the weights of the targets. Default: all 1. */
  readonly classWeights?: readonly number[];
  /** Rows with this class index count for nothing. Default: none is ignored. */
  readonly ignoredIndex?: number;
}

/** What a target of class indices says about each row. */
interface ClassRows {
  /** The class [rows] i32; 0 where it is ignored. */
  readonly indices: Tensor;
  /** 1 where a row counts, 0 where it is ignored [rows] u8; undefined where all count. */
  readonly counted: Tensor | undefined;
  /** The weight of its class [rows]; undefined where all weigh 1. */
  readonly weights: Tensor | undefined;
}

/** Reads a target [rows] of class indices. */
export function classRows(target: Tensor, weights: Tensor | undefined, { ignoredIndex }: ClassIndexOptions): ClassRows {
  const given = cast(target, { dtype: 'i32' });
  const counted = ignoredIndex === undefined ? undefined : notEqual(given, ignoredIndex);
  const indices = counted ? where(counted, given, 0) : given;
  return { indices, counted, weights: weights && gatherRows(weights, indices) };
}

/** The weights of the classes [classes], if there are any. */
export const classWeightsOf = ({ dtype }: Tensor, { classWeights }: ClassIndexOptions): Tensor | undefined =>
  classWeights && tensor([...classWeights], { dtype });

/** Losses [rows], each times its row's weight. */
export const weightedRows = (losses: Tensor, { weights }: ClassRows): Tensor =>
  weights ? multiply(losses, weights) : losses;

/** Losses [rows], already weighted, reduced over the rows that count; the mean is over their weights. */
export function reduceRows(losses: Tensor, { counted, weights }: ClassRows, options: LossOptions): Tensor {
  const { reduction = 'mean' } = options;
  const single = counted ? where(counted, losses, 0) : losses;
  const { dtype } = losses;
  const shares = counted ? (weights ? where(counted, weights, 0) : cast(counted, { dtype })) : weights;
  return shares && reduction === 'mean' ? divide(sum(single), sum(shares)) : reduce(single, options);
}

/**
 * Errors: scores that are not [rows, classes]; a target that is not [rows] of i32 or u8 (`others` says what else it might
 * be); another number of weights than of classes.
 */
export function checkClassIndices(
  kind: string,
  scores: Tensor,
  target: Tensor,
  { classWeights, others = '' }: { readonly classWeights?: readonly number[]; readonly others?: string },
): void {
  checkScores(kind, scores, target, classWeights);
  const [rows] = scores.shape;
  if (target.shape.length !== 1 || target.shape[0] !== rows)
    throw misfit(kind, scores, target, `the target must be [${rows}] class indices${others}.`);
  if (isFloat(target.dtype))
    throw misfit(
      kind,
      scores,
      target,
      `class indices must be i32 or u8; convert them with cast(target, { dtype: 'i32' }).`,
    );
}

/** Errors: scores that are not [rows, classes]; another number of weights than of classes. */
export function checkScores(kind: string, scores: Tensor, target: Tensor, classWeights?: readonly number[]): void {
  if (scores.shape.length !== 2)
    throw misfit(kind, scores, target, 'the prediction must be [rows, classes]; flatten or permute it.');
  const [, classes] = scores.shape;
  if (classWeights && classWeights.length !== classes)
    throw misfit(
      kind,
      scores,
      target,
      `classWeights has ${classWeights.length} weights for ${classes} classes; give one for each.`,
    );
}

/** What is wrong with a prediction and a target, for throwing. */
export function misfit(kind: string, scores: Tensor, target: Tensor, reason: string): ShapeError {
  const shapes = `a prediction ${formatShape(scores.shape)} and target ${formatShape(target.shape)} ${target.dtype}`;
  return new ShapeError(`${kind}${inLayer()} with ${shapes}: ${reason}`);
}

/** Errors: options that are not known, or out of range. */
export function checkClassIndexOptions(kind: string, options: ClassIndexOptions, known: readonly string[]): void {
  checkLossOptions(kind, options, known);
  const { classWeights = [0], ignoredIndex = 0 } = options;
  if (classWeights.length === 0 || !classWeights.every((weight) => weight >= 0 && weight < Infinity))
    throw new RangeError(`${kind}: classWeights are finite numbers, 0 or more, one a class, not [${classWeights}].`);
  if (!Number.isInteger(ignoredIndex))
    throw new RangeError(`${kind}: ignoredIndex is a whole number, not ${ignoredIndex}.`);
}
