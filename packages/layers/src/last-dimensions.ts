import { formatShape, inLayer, type Shape, ShapeError, sameShape } from '@nn/tensor';
import { checkFeatures } from './check-inputs.js';

/**
 * The sizes of the last dimensions of x: as told, else the last one's alone.
 * Errors: no batch dimension; an x that ends otherwise.
 */
export function lastDimensions(kind: string, x: Shape, shape: number | Shape | undefined): Shape {
  checkFeatures(kind, x);
  const sizes = [shape ?? x[x.length - 1]].flat();
  if (sizes.length < x.length && sameShape(x.slice(-sizes.length), sizes)) return sizes;
  throw new ShapeError(
    `${kind}${inLayer()} takes [batch, ..., ${sizes.join(', ')}] and was given ${formatShape(x)}; reshape it.`,
  );
}
