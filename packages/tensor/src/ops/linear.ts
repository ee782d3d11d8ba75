import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { formatShape, ShapeError, sizeOf } from '../shape.js';
import { activate } from './activation.js';
import { add } from './add.js';
import { matmul } from './matmul.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

const kernel = defineKernel({
  name: 'linear',
  buffers: { y: 'write', x: 'read', w: { access: 'read', as: 'shared' }, b: { access: 'read', as: 'shared' } },
  over: 'row',
  attrs: { rows: 'number', inFeatures: 'number', outFeatures: 'number', activation: 'number' },
  product: true,
  flops: ({ rows, inFeatures, outFeatures }) => 2 * rows * inFeatures * outFeatures,
  reference({ y, x, w, b }, { rows, inFeatures, outFeatures, activation }) {
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outFeatures; o++) {
        let sum = b[o];
        for (let i = 0; i < inFeatures; i++) sum += x[r * inFeatures + i] * w[o * inFeatures + i];
        const at = r * outFeatures + o;
        y[at] = sum;
        y[at] = activate(y[at], activation);
      }
    }
  },
});

const rowCount = (shape: readonly number[]) => sizeOf(shape.slice(0, -1));

/**
 * `y = x·wᵀ + b`. Shapes: x [..., in], w [out, in], b [out] → y [..., out].
 * Errors: sizes that do not fit the weight's.
 */
export const linear = defineOp({
  name: 'linear',
  inputs: ['x', 'w', 'b'],
  infer({ x, w, b }): Spec {
    if (w.shape.length !== 2) throw new ShapeError('w must be [out, in].');
    const [out, features] = w.shape;
    if (x.shape.length < 2 || x.shape[x.shape.length - 1] !== features)
      throw new ShapeError(`x must be [batch, ..., ${features}], to fit w; reshape it or change the layer's size.`);
    if (b.shape.length !== 1 || b.shape[0] !== out) throw new ShapeError(`b must be ${formatShape([out])}, to fit w.`);
    if (x.dtype !== w.dtype || x.dtype !== b.dtype)
      throw new ShapeError(`dtypes ${x.dtype}, ${w.dtype} and ${b.dtype} differ; convert with cast.`);
    return { shape: [...x.shape.slice(0, -1), out], dtype: x.dtype };
  },
  forward({ x, w, b, y }) {
    const [outFeatures, inFeatures] = w.shape;
    kernel({ y, x, w, b }, { rows: rowCount(x.shape), inFeatures, outFeatures, activation: 0 });
  },
  backward: {
    x: ({ w, dy }) => matmul(dy, w),
    w({ x, dy, shapes }) {
      const [out, features] = shapes.w;
      return matmul(reshape(dy, [rowCount(shapes.x), out]), reshape(x, [rowCount(shapes.x), features]), {
        transposeA: true,
      });
    },
    b: ({ dy, shapes }) => sum(reshape(dy, [rowCount(shapes.x), shapes.b[0]]), { axis: 0 }),
  },
  meaning: (x, w, b) => add(matmul(x, w, { transposeB: true }), b),
});
