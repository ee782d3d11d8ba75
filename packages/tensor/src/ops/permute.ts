import { defineOp, type Op, type Spec } from '../op.js';
import { axisOf, collapse, formatShape, ShapeError, stridesOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { copyKernel } from './copy.js';

interface PermuteOptions {
  /** The old axis that each new axis takes: [0, 2, 1] swaps the last two of three. */
  readonly axes: readonly number[];
}

/** Reorders the axes. Shapes: x [a, b, c] with axes [2, 0, 1] → y [c, a, b]. */
export const permute: Op<readonly ['x'], PermuteOptions, Spec> = defineOp({
  name: 'permute',
  inputs: ['x'],
  attributes: ['axes'],
  infer({ x }, { axes }: PermuteOptions): Spec {
    const order = axes.map((axis) => axisOf(axis, x.shape.length));
    if (order.length !== x.shape.length || new Set(order).size !== x.shape.length)
      throw new ShapeError(`axes ${formatShape(axes)} must name each of the ${x.shape.length} axes once.`);
    return { shape: order.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  forward({ x, y }, { axes }) {
    const strides = stridesOf(x.shape);
    const walk = collapse(y.shape, [axes.map((axis) => strides[axisOf(axis, x.shape.length)])]);
    copyKernel({ y, x }, { shape: walk.shape, strides: walk.strides[0], offset: 0 });
  },
  backward: {
    x({ dy, shapes }, { axes }) {
      const order = axes.map((axis) => axisOf(axis, shapes.x.length));
      return permute(dy, { axes: order.map((_, i) => order.indexOf(i)) });
    },
  },
});

/** Swaps the last two axes. Shapes: x [..., a, b] → y [..., b, a]. */
export function transpose(x: Tensor): Tensor {
  const rank = x.shape.length;
  if (rank < 2) throw new ShapeError(`transpose: ${formatShape(x.shape)} has no two axes to swap.`);
  const axes = x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
  return permute(x, { axes });
}
