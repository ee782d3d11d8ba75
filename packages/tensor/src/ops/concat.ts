import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { axisOf, formatShape, ShapeError, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

const kernel = defineKernel({
  name: 'join',
  buffers: { y: 'write', a: 'read', b: 'read' },
  over: 'row',
  attrs: { rows: 'number', aSize: 'number', bSize: 'number' },
  reference({ y, a, b }, { rows, aSize, bSize }) {
    for (let r = 0; r < rows; r++) {
      const start = r * (aSize + bSize);
      for (let i = 0; i < aSize; i++) y[start + i] = a[r * aSize + i];
      for (let i = 0; i < bSize; i++) y[start + aSize + i] = b[r * bSize + i];
    }
  },
});

/** Two tensors end to end along an axis. Shapes: a [..., n, ...], b [..., m, ...] → y [..., n + m, ...]. */
const join = defineOp({
  name: 'concat',
  inputs: ['a', 'b'],
  infer({ a, b }, { axis }: { readonly axis: number }): Spec {
    const differ = a.shape.some((size, i) => i !== axis && size !== b.shape[i]);
    if (differ || a.shape.length !== b.shape.length) throw new ShapeError(`sizes off axis ${axis} must be equal.`);
    if (a.dtype !== b.dtype) throw new ShapeError(`dtypes ${a.dtype} and ${b.dtype} differ; convert one with cast.`);
    return { shape: a.shape.map((size, i) => (i === axis ? size + b.shape[i] : size)), dtype: a.dtype };
  },
  forward({ a, b, y }, { axis }) {
    const inner = sizeOf(a.shape.slice(axis + 1));
    const rows = sizeOf(a.shape.slice(0, axis));
    kernel({ y, a, b }, { rows, aSize: a.shape[axis] * inner, bSize: b.shape[axis] * inner });
  },
  backward: {
    a: ({ dy, shapes }, { axis }) => slice(dy, { axis, start: 0, end: shapes.a[axis] }),
    b: ({ dy, shapes }, { axis }) => slice(dy, { axis, start: shapes.a[axis] }),
  },
});

/**
 * Joins any number of tensors along an axis (default 0). Shapes: [a, n], [b, n] → [a + b, n].
 * Errors: nothing to join; other sizes that differ.
 */
export function concat(tensors: readonly Tensor[], { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  if (tensors.length === 0) throw new ShapeError('concat: there is nothing to join.');
  const along = axisOf(axis, tensors[0].shape.length);
  return tensors.reduce((a, b) => join(a, b, { axis: along }));
}

/** Joins tensors of one shape along a new axis (default the first). Shapes: n × [...] → [n, ...]. */
export function stack(tensors: readonly Tensor[], { axis = 0 }: { readonly axis?: number } = {}): Tensor {
  if (tensors.length === 0) throw new ShapeError('stack: there is nothing to join.');
  const along = axisOf(axis, tensors[0].shape.length + 1);
  for (const { shape } of tensors) {
    if (shape.join() !== tensors[0].shape.join())
      throw new ShapeError(`stack: ${formatShape(shape)} and ${formatShape(tensors[0].shape)} must be equal.`);
  }
  const widened = tensors.map((x) => reshape(x, [...x.shape.slice(0, along), 1, ...x.shape.slice(along)]));
  return concat(widened, { axis: along });
}
