import { arange } from '../create.js';
import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { formatShape, type Shape, ShapeError, sameShape, sizeOf } from '../shape.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { gatherRows } from './gather-rows.js';
import { multiply } from './multiply.js';
import { reshape } from './reshape.js';

/** How many values a byte has. */
const values = 256;

const kernel = defineKernel({
  name: 'gatherBytes',
  buffers: {
    y: 'write',
    x: { access: 'read', as: 'shared' },
    table: { access: 'read', as: 'shared' },
    index: 'read',
  },
  over: 'row',
  attrs: { rows: 'number', count: 'number', channels: 'number', size: 'number' },
  touches: ({ count, channels, size }) => ({ x: count * channels * size }),
  reference({ y, x, table, index }, { rows, count, channels, size }) {
    for (let i = 0; i < count; i++) {
      if (!(index[i] >= 0 && index[i] < rows))
        throw new RangeError(`gatherBytes: index ${index[i]} at position ${i} is outside 0…${rows - 1}`);
      for (let c = 0; c < channels; c++)
        for (let j = 0; j < size; j++) {
          const byte = x[(index[i] * channels + c) * size + j];
          y[(i * channels + c) * size + j] = table[byte * channels + c];
        }
    }
  },
});

/** How many tables there are, and how many numbers of a row each is for. */
function channelsOf(x: Shape, table: Shape): { channels: number; size: number } {
  const channels = table[1];
  return { channels, size: channels === 0 ? 0 : sizeOf(x.slice(1)) / channels };
}

/**
 * Rows of bytes by index, each byte as what a table makes of it: `y[i, c, …] = table[x[index[i], c, …], c]`. So bytes become
 * normalised numbers, or labels, in one pass. Shapes: x [rows, channels, ...] u8, index [...] i32, table [256, channels], or
 * [256, 1] for all channels alike → y [index's shape, channels, ...] of the table's dtype.
 * Errors: other shapes and dtypes; an index outside the rows.
 */
export const gatherBytes = defineOp({
  name: 'gatherBytes',
  inputs: ['x', 'index', 'table'],
  infer({ x, index, table }): Spec {
    if (x.dtype !== 'u8') throw new ShapeError(`x must be u8, not ${x.dtype}; gather other rows with gatherRows.`);
    if (index.dtype !== 'i32') throw new ShapeError(`indices must be i32, not ${index.dtype}; convert them with cast.`);
    if (x.shape.length === 0) throw new ShapeError('x has no rows: it is a scalar.');
    const forAll = [values, 1];
    const forEach = [values, x.shape[1] ?? 1];
    if (!sameShape(table.shape, forAll) && !sameShape(table.shape, forEach))
      throw new ShapeError(`the table must be ${formatShape(forAll)} or ${formatShape(forEach)}, a row for each byte.`);
    return { shape: [...index.shape, ...x.shape.slice(1)], dtype: table.dtype };
  },
  forward: ({ x, index, table, y }) =>
    kernel(
      { y, x, table, index },
      { rows: x.shape[0], count: sizeOf(index.shape), ...channelsOf(x.shape, table.shape) },
    ),
  meaning(x, index, table) {
    const channels = table.shape[1];
    const channel = reshape(arange(channels, { dtype: 'i32' }), [channels, ...x.shape.slice(2).map(() => 1)]);
    const bytes = cast(gatherRows(x, index), { dtype: 'i32' });
    return gatherRows(reshape(table, [-1]), add(multiply(bytes, channels), channels === 1 ? 0 : channel));
  },
});
