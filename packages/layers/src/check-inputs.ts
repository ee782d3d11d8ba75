import { formatShape, inLayer, type Shape, ShapeError } from '@nn/tensor';

/** Errors: an input that is not [batch, channels, height, width]. */
export function checkImages(kind: string, shape: Shape): void {
  if (shape.length === 4) return;
  const remedy =
    shape.length === 3
      ? `a batch dimension is required: reshape ${formatShape(shape)} to ${formatShape([1, ...shape])}.`
      : 'reshape it.';
  throw new ShapeError(
    `${kind}${inLayer()} takes [batch, channels, height, width] and was given ${formatShape(shape)}: ${remedy}`,
  );
}

/** Errors: an input without a dimension after the batch. */
export function checkFeatures(kind: string, shape: Shape): void {
  if (shape.length >= 2) return;
  throw new ShapeError(
    `${kind}${inLayer()} takes [batch, ..., features] and was given ${formatShape(shape)}: ` +
      `a batch dimension is required: reshape it to ${formatShape([1, ...shape])}.`,
  );
}
