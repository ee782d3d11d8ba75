import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { ShapeError, sizeOf } from '../shape.js';

const attrs = { rows: 'number', count: 'number', size: 'number' } as const;

const gatherKernel = defineKernel({
  name: 'gatherRows',
  buffers: { y: 'write', x: { access: 'read', as: 'shared' }, index: 'read' },
  over: 'row',
  attrs,
  touches: ({ count, size }) => ({ x: count * size }),
  reference({ y, x, index }, { rows, count, size }) {
    for (let i = 0; i < count; i++) {
      if (!(index[i] >= 0 && index[i] < rows))
        throw new RangeError(`gatherRows: index ${index[i]} at position ${i} is outside 0…${rows - 1}`);
      for (let j = 0; j < size; j++) y[i * size + j] = x[index[i] * size + j];
    }
  },
});

const scatterKernel = defineKernel({
  name: 'scatterRows',
  buffers: { y: 'write', dy: 'read', index: 'read' },
  over: 'whole',
  attrs,
  flops: (_, { dy }) => dy,
  reference({ y, dy, index }, { count, size }) {
    y.fill(0);
    for (let i = 0; i < count; i++) for (let j = 0; j < size; j++) y[index[i] * size + j] += dy[i * size + j];
  },
});

const sizes = (rows: number, index: Spec, row: readonly number[]) => ({
  rows,
  count: sizeOf(index.shape),
  size: sizeOf(row),
});

/** Adds row i of x to row index[i] of a result of `rows` rows: the adjoint of `gatherRows`. */
const scatterRows: Op<readonly ['x', 'index'], { readonly rows: number }, Spec> = defineOp({
  name: 'scatterRows',
  inputs: ['x', 'index'],
  infer: ({ x, index }, { rows }: { readonly rows: number }): Spec => ({
    shape: [rows, ...x.shape.slice(index.shape.length)],
    dtype: x.dtype,
  }),
  forward: ({ x, index, y }, { rows }) => scatterKernel({ y, dy: x, index }, sizes(rows, index, y.shape.slice(1))),
  backward: { x: ({ dy, index }) => gatherRows(dy, index) },
});

/**
 * Rows of `x` by index. Shapes: x [rows, ...], index [...] i32 → y [index's shape, ...]. Rows picked twice add their
 * gradients. Errors: an index outside the rows.
 */
export const gatherRows: Op<readonly ['x', 'index'], Record<never, never>, Spec> = defineOp({
  name: 'gatherRows',
  inputs: ['x', 'index'],
  infer({ x, index }): Spec {
    if (index.dtype !== 'i32') throw new ShapeError(`indices must be i32, not ${index.dtype}; convert them with cast.`);
    if (x.shape.length === 0) throw new ShapeError('x has no rows: it is a scalar.');
    return { shape: [...index.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  forward: ({ x, index, y }) => gatherKernel({ y, x, index }, sizes(x.shape[0], index, x.shape.slice(1))),
  backward: { x: ({ index, dy, shapes }) => scatterRows(dy, index, { rows: shapes.x[0] }) },
});
