import type { Data } from '@nn/tensor';
import { noise, unwritten } from './native.js';
import { type Row, sizes } from './rows.js';

const kinds = [Float32Array, Float64Array, Int32Array, Uint8Array] as const;
const times = (count: number, f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
const bytes = (length: number, seed: number) => noise(length, seed).map((value) => Math.round(100 * Math.abs(value)));
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Shape, strides and offset of a view of x of that length. */
export type View = readonly [length: number, shape: number[], strides: number[], offset: number];

/** Sizes of everything that moves. */
interface Moves {
  readonly views: readonly View[];
  readonly fills: readonly number[];
  readonly casts: readonly number[];
  readonly joins: readonly (readonly number[])[];
  readonly gathers: readonly (readonly number[])[];
}

/** Reversed, transposed, sliced, repeated, permuted. */
const views: readonly View[] = [
  ...sizes.map((size): View => [size, [size], [1], 0]),
  [50, [50], [-1], 49],
  [12, [3, 4], [1, 3], 0],
  [20_000, [200, 100], [1, 200], 0],
  [70_000, [7, 100, 100], [10_000, 1, 100], 0],
  [120, [3, 4], [20, 2], 7],
  [5, [4, 5], [0, 1], 0],
  [5, [5, 4], [1, 0], 0],
  [360, [5, 3, 4, 6], [1, 120, 30, 5], 0],
  [9, [3, 0], [1, 1], 0],
];

function positions(shape: readonly number[], strides: readonly number[], offset: number): number[] {
  return Array.from({ length: product(shape) }, (_, i) => {
    let [rest, at] = [i, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return at;
  });
}

const moves: Moves = {
  views,
  fills: sizes,
  casts: [0, 9, 50_001],
  joins: [
    [0, 3, 2],
    [1, 1, 0],
    [5, 3, 9],
    [1000, 17, 33],
  ],
  gathers: [
    [1, 0, 4],
    [4, 7, 3],
    [100, 300, 784],
  ],
};

export function moveRows({ views, fills, casts, joins, gathers }: Moves = moves): Row[] {
  return kinds.flatMap((Kind) => [
    ...views.flatMap(([length, shape, strides, offset]) => {
      const x = Kind.from(bytes(length, 20));
      const size = product(shape);
      const where = positions(shape, strides, offset);
      const copy = {
        kernel: 'copy',
        attributes: [shape, strides, offset],
        buffers: [new Kind(size).fill(3), x],
        expected: [where.map((at) => x[at])],
      };
      const values = Kind.from(bytes(size, 21));
      const placed = x.slice();
      where.forEach((at, i) => {
        placed[at] = values[i];
      });
      const place = {
        kernel: 'place',
        attributes: [shape, strides, offset],
        buffers: [x.slice(), values],
        expected: [placed],
      };
      return [copy, place];
    }),
    ...fills.map((size) => ({
      kernel: 'fill',
      attributes: [7],
      buffers: [new Kind(size).fill(3)],
      expected: [times(size, () => 7)],
    })),
    ...joins.map(([rows, aSize, bSize]) => {
      const [a, b] = [Kind.from(bytes(rows * aSize, 22)), Kind.from(bytes(rows * bSize, 23))];
      const width = aSize + bSize;
      return {
        kernel: 'join',
        attributes: [rows, aSize, bSize],
        buffers: [new Kind(rows * width).fill(3), a, b],
        expected: [
          times(rows * width, (i) => {
            const [r, column] = [Math.floor(i / width), i % width];
            return column < aSize ? a[r * aSize + column] : b[r * bSize + column - aSize];
          }),
        ],
      };
    }),
    ...gathers.map(([rows, count, size]) => {
      const x = Kind.from(bytes(rows * size, 24));
      const index = Int32Array.from(noise(count, 25), (value) => Math.floor(((value + 1) / 2) * rows));
      return {
        kernel: 'gatherRows',
        attributes: [rows, count, size],
        buffers: [new Kind(count * size).fill(3), x, index],
        expected: [times(count * size, (i) => x[index[Math.floor(i / size)] * size + (i % size)])],
      };
    }),
    ...kinds.flatMap((From) =>
      casts.map((size) => {
        const x: Data = From.from(noise(size, 26).map((value) => 3000 * value));
        const expected: Data = new Kind(size);
        expected.set(x);
        return { kernel: 'cast', buffers: [new Kind(size).fill(3), x], expected: [expected] };
      }),
    ),
  ]);
}

const scatters = [
  [1, 0, 4],
  [4, 7, 3],
  [50, 600, 333],
];

export function rowKernelRows(
  shapes: readonly (readonly number[])[] = scatters,
  counts: readonly number[] = [0, 1, 100],
  lengths: readonly number[] = sizes,
): Row[] {
  const scatter = shapes.map(([rows, count, size]) => {
    const dy = noise(count * size, 27);
    const index = Int32Array.from(noise(count, 28), (value) => Math.floor(((value + 1) / 2) * rows));
    const sums = new Float64Array(rows * size);
    for (let i = 0; i < count * size; i++) sums[index[Math.floor(i / size)] * size + (i % size)] += dy[i];
    return {
      kernel: 'scatterRows',
      attributes: [rows, count, size],
      buffers: [unwritten(rows * size), dy, index],
      expected: [sums],
    };
  });
  const throughTables = shapes.flatMap(([rows, count, size]) =>
    [Float32Array, Int32Array].flatMap((Kind) =>
      [1, 3].map((channels) => {
        const x = Uint8Array.from(noise(rows * channels * size, 31), (value) => Math.floor(128 * (value + 1)));
        const table = Kind.from(noise(256 * channels, 32).map((value) => 1000 * value));
        const index = Int32Array.from(noise(count, 33), (value) => Math.floor(((value + 1) / 2) * rows));
        const expected = times(count * channels * size, (i) => {
          const [row, channel] = [Math.floor(i / (channels * size)), Math.floor(i / size) % channels];
          return table[x[index[row] * channels * size + (i % (channels * size))] * channels + channel];
        });
        return {
          kernel: 'gatherBytes',
          attributes: [rows, count, channels, size],
          buffers: [new Kind(count * channels * size).fill(3), x, table, index],
          expected: [expected],
        };
      }),
    ),
  );
  const oneHot = counts.map((count) => {
    const index = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
    const expected = times(count * 10, (i) => Number(index[Math.floor(i / 10)] === i % 10));
    return { kernel: 'oneHot', attributes: [10], buffers: [unwritten(count * 10), index], expected: [expected] };
  });
  const where = lengths.map((size) => {
    const condition = Uint8Array.from({ length: size }, (_, i) => (i % 3) * 5);
    const [a, b] = [noise(size, 29), noise(size, 30)];
    return {
      kernel: 'where',
      buffers: [unwritten(size), condition, a, b],
      expected: [times(size, (i) => (condition[i] ? a[i] : b[i]))],
    };
  });
  return [...scatter, ...throughTables, ...oneHot, ...where];
}
