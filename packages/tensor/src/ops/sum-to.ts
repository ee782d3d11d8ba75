import { formatShape, type Shape, ShapeError, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** Sums `x` back to `shape`, from which it was broadcast: the adjoint of `expand`. x itself when nothing is to do. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  if (missing < 0)
    throw new ShapeError(`sumTo: ${formatShape(x.shape)} has fewer dimensions than ${formatShape(shape)}.`);
  const axis = x.shape.flatMap((size, i) => (i < missing || (shape[i - missing] === 1 && size !== 1) ? [i] : []));
  return reshape(sum(x, { axis, keepDims: true }), shape);
}
