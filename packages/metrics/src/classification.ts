import { type Data, formatShape, inLayer, isFloat, ShapeError, sameShape, type Tensor } from '@nn/tensor';

/** Scores of each class, and the true class of each row. */
export interface Classification {
  readonly rows: number;
  readonly classes: number;
  /** Those of a row lie together. */
  readonly scores: Data;
  /** The class that is true for a row. */
  truth(row: number): number;
  /** The class of the highest score, the first of equals; −1 where a score is NaN. */
  predicted(row: number): number;
}

/**
 * Reads a prediction [..., classes] (logits or probabilities), all but its last axis as rows, and its target: [...] class
 * indices (i32 or u8), or [..., classes] one-hot or soft. Errors: shapes or dtypes that do not fit; a class index outside
 * 0…classes−1 other than `ignoredIndex`.
 */
export function classificationOf(
  owner: string,
  prediction: Tensor,
  target: Tensor,
  ignoredIndex?: number,
): Classification {
  const refuse = (reason: string): never => {
    const shapes = `prediction ${formatShape(prediction.shape)} and target ${formatShape(target.shape)} ${target.dtype}`;
    throw new ShapeError(`${owner}${inLayer()} with ${shapes}: ${reason}`);
  };
  const classes = prediction.shape.at(-1) ?? 0;
  if (prediction.shape.length < 2 || classes < 2)
    refuse(
      'the prediction must be [rows, classes] or [..., classes], a score for each of 2 classes or more; ' +
        "one output that says yes or no is judged by BinaryAccuracy, or with average: 'binary'.",
    );
  const leading = prediction.shape.slice(0, -1);
  const rows = prediction.size / classes;
  const scores = prediction.data;
  const labels = target.data;
  const predicted = (row: number) => largest(scores, row * classes, classes);
  if (sameShape(prediction.shape, target.shape))
    return { rows, classes, scores, predicted, truth: (row) => largest(labels, row * classes, classes) };

  if (!sameShape(target.shape, leading))
    refuse(
      `the target must be ${formatShape(leading)} class indices or ${formatShape(prediction.shape)} probabilities.`,
    );
  if (isFloat(target.dtype))
    refuse("class indices must be i32 or u8; convert them with cast(target, { dtype: 'i32' }).");
  const wrong = labels.findIndex((label) => (label < 0 || label >= classes) && label !== ignoredIndex);
  if (wrong >= 0)
    throw new RangeError(`${owner}${inLayer()}: target ${labels[wrong]} at row ${wrong} is outside 0…${classes - 1}.`);
  return { rows, classes, scores, predicted, truth: (row) => labels[row] };
}

function largest(values: Data, start: number, length: number): number {
  let best = 0;
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(values[start + i])) return -1;
    if (values[start + i] > values[start + best]) best = i;
  }
  return best;
}
