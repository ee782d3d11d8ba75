import { formatShape, inLayer, ShapeError, sameShape, type Tensor } from '@nn/tensor';

/** Errors: shapes that differ, which would broadcast silently. */
export function checkAlike(owner: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError(
    `${owner}${inLayer()} compares number by number, and the prediction is ${formatShape(prediction.shape)}, ` +
      `the target ${formatShape(target.shape)}; reshape one of them so that they are equal.`,
  );
}
