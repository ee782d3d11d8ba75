import { cast, formatShape, inLayer, isFloat, ShapeError, sameShape, Tensor } from '@nn/tensor';

/** Errors: no target; numbers that are in no tensor; a prediction of whole numbers, which has no gradient. */
export function checkTensors(owner: string, prediction: Tensor, target: Tensor | undefined): asserts target is Tensor {
  if (!target)
    throw new TypeError(`${owner}${inLayer()} needs a target; give batches { x, y }, or the loss both tensors.`);
  for (const [name, value] of Object.entries({ prediction, target })) {
    if (!(value instanceof Tensor))
      throw new TypeError(`${owner}${inLayer()}: the ${name} is no tensor; make it one, with tensor(…).`);
  }
  if (!isFloat(prediction.dtype))
    throw new TypeError(
      `${owner}${inLayer()}: the prediction is ${prediction.dtype}, as ArgMax gives, and no gradient passes through it; ` +
        'give the loss the scores before it.',
    );
}

/**
 * The target in the prediction's dtype, for losses that compare them number by number.
 * Errors: no target, or no tensors; another shape, which would broadcast silently.
 */
export function matchingTarget(owner: string, prediction: Tensor, target: Tensor | undefined): Tensor {
  checkTensors(owner, prediction, target);
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(
      `${owner}${inLayer()} compares number by number, and the prediction is ${formatShape(prediction.shape)}, ` +
        `the target ${formatShape(target.shape)}; reshape one of them so that they are equal.`,
    );
  }
  return cast(target, { dtype: prediction.dtype });
}
