import { cast, formatShape, inLayer, ShapeError, sameShape, type Tensor } from '@nn/tensor';

/**
 * The target in the prediction's dtype, for losses that compare them number by number.
 * Errors: no target; another shape, which would broadcast silently.
 */
export function matchingTarget(owner: string, prediction: Tensor, target: Tensor | undefined): Tensor {
  if (!target) throw new TypeError(`${owner}${inLayer()} needs a target.`);
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(
      `${owner}${inLayer()} compares number by number, and the prediction is ${formatShape(prediction.shape)}, ` +
        `the target ${formatShape(target.shape)}; reshape one of them so that they are equal.`,
    );
  }
  return cast(target, { dtype: prediction.dtype });
}
