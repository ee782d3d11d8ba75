import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { broadcastShapes, ShapeError } from '../shape.js';
import { expand } from './expand.js';
import { sumTo } from './sum-to.js';

const kernel = defineKernel({
  name: 'where',
  buffers: { y: 'write', condition: 'read', a: 'read', b: 'read' },
  over: 'element',
  flops: (_, { y }) => y,
  reference({ y, condition, a, b }) {
    for (let i = 0; i < y.length; i++) y[i] = condition[i] !== 0 ? a[i] : b[i];
  },
});

/** `y = condition ? a : b`, broadcast. Shapes: condition [...] u8, a [...], b [...] → y [...], the common shape. */
export const where: Op<readonly ['condition', 'a', 'b'], Record<never, never>, Spec> = defineOp({
  name: 'where',
  inputs: ['condition', 'a', 'b'],
  infer({ condition, a, b }): Spec {
    if (condition.dtype !== 'u8')
      throw new ShapeError(`condition must be u8, as comparisons make it, not ${condition.dtype}.`);
    if (a.dtype !== b.dtype) throw new ShapeError(`dtypes ${a.dtype} and ${b.dtype} differ; convert one with cast.`);
    return { shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)), dtype: a.dtype };
  },
  forward({ condition, a, b, y }) {
    const { shape } = y;
    kernel({ y, condition: expand(condition, { shape }), a: expand(a, { shape }), b: expand(b, { shape }) });
  },
  backward: {
    a: ({ condition, dy, shapes }) => sumTo(where(condition, dy, 0), shapes.a),
    b: ({ condition, dy, shapes }) => sumTo(where(condition, 0, dy), shapes.b),
  },
});
