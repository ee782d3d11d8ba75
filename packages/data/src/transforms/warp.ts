import { allocate, defineKernel, empty, type Tensor, tensor } from '@nn/tensor';
import { imageSizes } from './transform.js';

const warpKernel = defineKernel({
  name: 'data/warp',
  buffers: { y: 'write', x: 'read', map: 'read' },
  over: 'whole',
  attrs: { channels: 'number', from: 'numbers', to: 'numbers', fill: 'number' },
  flops: (_, { y }) => 11 * y,
  reference({ y, x, map }, { channels, from: [height, width], to: [rows, columns], fill }) {
    const n = map.length / 6;
    for (let i = 0, out = 0; i < n; i++) {
      const [a, b, c, d, e, f] = map.subarray(6 * i, 6 * i + 6);
      for (let channel = 0; channel < channels; channel++) {
        const plane = (i * channels + channel) * height * width;
        const at = (row: number, column: number) =>
          row < 0 || row >= height || column < 0 || column >= width ? fill : x[plane + row * width + column];
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++, out++) {
            const [h, v] = [a * column + b * row + c, d * column + e * row + f];
            const [left, top] = [Math.floor(h), Math.floor(v)];
            const [p, q] = [h - left, v - top];
            if (p === 0 && q === 0) {
              y[out] = at(top, left);
              continue;
            }
            const upper = (1 - p) * at(top, left) + p * at(top, left + 1);
            const lower = (1 - p) * at(top + 1, left) + p * at(top + 1, left + 1);
            y[out] = (1 - q) * upper + q * lower;
          }
        }
      }
    }
  },
});

export interface WarpOptions {
  /** Height and width of the result. Default: those of x. */
  readonly size?: readonly [height: number, width: number];
  /** What lies outside the image. */
  readonly fill: number;
}

/** Where a result's pixel is taken from: column `a·column + b·row + c`, row `d·column + e·row + f`, as [a, b, c, d, e, f]. */
export type AffineMap = readonly [number, number, number, number, number, number];

/**
 * Images seen through an affine map of their own each, with bilinear interpolation, exact where the map meets a pixel.
 * Shapes: x [n, channels, height, width] → y [n, channels, ...size].
 */
export function warp(owner: string, x: Tensor, maps: readonly AffineMap[], { size, fill }: WarpOptions): Tensor {
  const { n, channels, height, width } = imageSizes(owner, x);
  const to = size ?? [height, width];
  const y = empty([n, channels, ...to], x.dtype);
  const map = tensor(allocate('f64', 6 * n));
  map.storage.data.set(maps.flat());
  warpKernel({ y, x, map }, { channels, from: [height, width], to, fill });
  return y;
}
