import { noise, unwritten } from './native.js';
import type { Row } from './rows.js';

/** Where the i-th of `count` windows over `size` pixels begins and ends. */
const stretch = (i: number, size: number, count: number) => [
  Math.floor((i * size) / count),
  Math.ceil(((i + 1) * size) / count),
];

const poolings = [
  [0, 3, 4, 2, 2],
  [1, 1, 1, 1, 1],
  [3, 7, 5, 2, 3],
  [17, 8, 8, 4, 2],
  [33, 28, 27, 1, 1],
  [5, 2, 3, 7, 4],
];

/** Shapes: planes, height and width of x and of y. */
export function adaptivePoolingRows(shapes: readonly (readonly number[])[] = poolings): Row[] {
  return shapes.flatMap(([planes, height, width, rows, columns]) => {
    const [plane, outPlane] = [height * width, rows * columns];
    const x = noise(planes * plane, 45);
    const dy = noise(planes * outPlane, 46);
    const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
    for (let i = 0; i < y.length; i++) {
      const [p, row, column] = [Math.floor(i / outPlane), Math.floor((i % outPlane) / columns), i % columns];
      const [[top, bottom], [left, right]] = [stretch(row, height, rows), stretch(column, width, columns)];
      const size = (bottom - top) * (right - left);
      for (let h = top; h < bottom; h++)
        for (let w = left; w < right; w++) {
          y[i] += x[p * plane + h * width + w] / size;
          dx[p * plane + h * width + w] += dy[i] / size;
        }
    }
    const attributes = [planes, height, width, rows, columns];
    return [
      { kernel: 'adaptiveAveragePool2d', attributes, buffers: [unwritten(y.length), x], expected: [y] },
      { kernel: 'adaptiveAveragePool2dGradient', attributes, buffers: [unwritten(x.length), dy], expected: [dx] },
    ];
  });
}

/** What is done to image i, of that width: crops, flips, scalings, turns, and views of what lies outside. */
const mapOf = (i: number, width: number) =>
  [
    [1, 0, (i % 7) - 3, 0, 1, 2 - (i % 5)],
    [-1, 0, width - 1, 0, 1, 0],
    [0.75, 0, 0.5, 0, 1.25, -1],
    [0.8, 0.6, -1.5, -0.6, 0.8, 2.25],
    [1, 0, 0, 0, 1, 1e12],
    [1, 0.5, 0, 0, 1, 0],
  ][i % 6];

const warps = [
  [0, 1, 3, 3, 2, 2],
  [1, 1, 1, 1, 1, 1],
  [7, 2, 5, 6, 5, 6],
  [13, 3, 9, 7, 11, 4],
  [6, 1, 28, 28, 28, 28],
  [2, 1, 0, 4, 3, 3],
];

/** Shapes: images, channels, height and width of x and of y. */
export function warpRows(shapes: readonly (readonly number[])[] = warps): Row[] {
  return shapes.map(([images, channels, height, width, rows, columns]) => {
    const fill = 0.1;
    const x = noise(images * channels * height * width, 47);
    const maps = Array.from({ length: images }, (_, i) => mapOf(i, width));
    const expected = Float64Array.from({ length: images * channels * rows * columns }, (_, i) => {
      const [column, row, plane] = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / (columns * rows))];
      const [a, b, c, d, e, f] = maps[Math.floor(plane / channels)];
      const [h, v] = [a * column + b * row + c, d * column + e * row + f];
      let sum = 0;
      for (const top of [Math.floor(v), Math.floor(v) + 1])
        for (const left of [Math.floor(h), Math.floor(h) + 1]) {
          const inside = top >= 0 && top < height && left >= 0 && left < width;
          const pixel = inside ? x[(plane * height + top) * width + left] : fill;
          sum += (1 - Math.abs(h - left)) * (1 - Math.abs(v - top)) * pixel;
        }
      return sum;
    });
    return {
      kernel: 'data/warp',
      attributes: [channels, [height, width], [rows, columns], fill],
      buffers: [unwritten(expected.length), x, Float64Array.from(maps.flat())],
      expected: [expected],
    };
  });
}
