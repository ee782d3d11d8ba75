import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { axisOf, ShapeError, sizeOf } from '../shape.js';

const kernel = defineKernel({
  name: 'argmax',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs: { outer: 'number', size: 'number', inner: 'number' },
  flops: (_, { x }) => x,
  reference({ y, x }, { outer, size, inner }) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let best = 0;
        for (let k = 1; k < size; k++) {
          const value = x[(o * size + k) * inner + i];
          const top = x[(o * size + best) * inner + i];
          if (value > top || (Number.isNaN(value) && !Number.isNaN(top))) best = k;
        }
        y[o * inner + i] = best;
      }
    }
  },
});

/**
 * The index of the largest along an axis (default the last), the first of equals; a NaN is the largest.
 * Shapes: x [...] → y [... without the axis] i32. No gradient. Errors: an axis of size 0.
 */
export const argmax = defineOp({
  name: 'argmax',
  inputs: ['x'],
  attributes: ['axis'],
  infer({ x }, { axis = -1 }: { readonly axis?: number }): Spec {
    const along = axisOf(axis, x.shape.length);
    if (x.shape[along] === 0) throw new ShapeError('the largest of no numbers does not exist.');
    return { shape: x.shape.filter((_, i) => i !== along), dtype: 'i32' };
  },
  forward({ x, y }, { axis = -1 }) {
    const along = axisOf(axis, x.shape.length);
    const [outer, inner] = [sizeOf(x.shape.slice(0, along)), sizeOf(x.shape.slice(along + 1))];
    kernel({ y, x }, { outer, size: x.shape[along], inner });
  },
});
