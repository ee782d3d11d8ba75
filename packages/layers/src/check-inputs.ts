import { formatShape, inLayer, type Shape, ShapeError } from '@nn/tensor';
import type { Directions } from './check-window.js';

const places = { 1: 'length', 2: 'height, width', 3: 'depth, height, width' };

/** Errors: an input that is not [batch, channels, length], [..., height, width] or [..., depth, height, width]. */
export function checkChannels(kind: string, shape: Shape, directions: Directions = 2): void {
  if (shape.length === directions + 2) return;
  const remedy =
    shape.length === directions + 1
      ? `a batch dimension is required: reshape ${formatShape(shape)} to ${formatShape([1, ...shape])}.`
      : 'reshape it.';
  throw new ShapeError(
    `${kind}${inLayer()} takes [batch, channels, ${places[directions]}] and was given ${formatShape(shape)}: ${remedy}`,
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
