import { noise, unwritten } from './native.js';
import type { Draw } from './random.js';
import type { Launched } from './rows.js';

/** Sizes around tiles of every instruction set, and larger than blocks of rows, columns and depths. */
const sides = [0, 1, 2, 3, 5, 6, 7, 8, 11, 13, 14, 15, 16, 17, 31, 32, 33, 37, 97, 127, 128, 129, 257, 1031];
const depths = [...sides, 255, 256, 383, 384, 385, 512, 2053];
/** Multiplications of a product that the reference has time for. */
const most = 1_000_000;

/** Rows, depth and columns. */
function sizes(draw: Draw): number[] {
  const [m, k, n] = [draw.pick(sides), draw.pick(depths), draw.pick(sides)];
  return m * k * n > most ? sizes(draw) : [m, k, n];
}

export function matmulRow(draw: Draw): Launched {
  const [m, k, n] = sizes(draw);
  const batch = draw.pick(m * k * n > most / 8 ? [0, 1, 1] : [0, 1, 2, 5]);
  const strides = [m * k, k * n].map((stride) => draw.pick([stride, stride, 0]));
  const [a, b] = [m * k, k * n].map((size, i) => noise(batch === 0 ? 0 : (batch - 1) * strides[i] + size, i + 1));
  const attributes = [batch, m, k, n, draw.below(2), draw.below(2), ...strides];
  return { kernel: 'matmul', attributes, buffers: [unwritten(batch * m * n), a, b] };
}

export function linearRow(draw: Draw): Launched {
  const [rows, inFeatures, outFeatures] = sizes(draw);
  const lengths = [rows * inFeatures, outFeatures * inFeatures, outFeatures];
  const buffers = [unwritten(rows * outFeatures), ...lengths.map((length, i) => noise(length, i + 1))];
  return { kernel: 'linear', attributes: [rows, inFeatures, outFeatures, draw.below(4)], buffers };
}
