import { defineOp, type Op, type Spec } from '../op.js';
import {
  broadcastShapes,
  broadcastStrides,
  collapse,
  formatShape,
  type Shape,
  ShapeError,
  sameShape,
} from '../shape.js';
import type { Tensor } from '../tensor.js';
import { copyKernel } from './copy.js';
import { sumTo } from './sum-to.js';

const repeat: Op<readonly ['x'], { readonly shape: Shape }, Spec> = defineOp({
  name: 'expand',
  inputs: ['x'],
  infer({ x }, { shape }: { readonly shape: Shape }): Spec {
    if (!sameShape(broadcastShapes(x.shape, shape), shape))
      throw new ShapeError(`it does not repeat to ${formatShape(shape)}; only sizes of 1 can grow.`);
    return { shape, dtype: x.dtype };
  },
  forward({ x, y }) {
    const { shape, strides } = collapse(y.shape, [broadcastStrides(x.shape, y.shape)]);
    copyKernel({ y, x }, { shape, strides: strides[0], offset: 0 });
  },
  backward: { x: ({ dy, shapes }) => sumTo(dy, shapes.x) },
});

/**
 * Repeats `x` along dimensions of size 1 (and new leading ones) up to `shape`; x itself when nothing is to do.
 * Errors: a size that is neither 1 nor equal.
 */
export const expand = (x: Tensor, { shape }: { readonly shape: Shape }): Tensor =>
  sameShape(x.shape, shape) ? x : repeat(x, { shape });
