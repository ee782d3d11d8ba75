import { allocate, defineKernel, empty, type Tensor, tensor } from '@nn/tensor';
import { imageSizes } from './transform.js';

const warpKernel = defineKernel({
  name: 'data/warp',
  buffers: { y: 'write', x: 'read', map: 'read' },
  over: 'whole',
  attrs: { channels: 'number', from: 'numbers', to: 'numbers', fill: 'number' },
  flops: (_, { y }) => 11 * y,
  reference({ y, x, map }, { channels, from: [height, width], to: [rows, columns], fill }) {
    const at = (plane: number, row: number, column: number) =>
      row < 0 || row >= height || column < 0 || column >= width ? fill : x[plane + row * width + column];
    let out = 0;
    for (let plane = 0; plane < channels * (map.length / 6); plane++) {
      const m = 6 * Math.floor(plane / channels);
      const start = plane * height * width;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const h = map[m] * column + map[m + 1] * row + map[m + 2];
          const v = map[m + 3] * column + map[m + 4] * row + map[m + 5];
          const left = Math.floor(h);
          const top = Math.floor(v);
          const p = h - left;
          const q = v - top;
          let value = at(start, top, left);
          if (p > 0) value = (1 - p) * value + p * at(start, top, left + 1);
          if (q > 0) {
            let below = at(start, top + 1, left);
            if (p > 0) below = (1 - p) * below + p * at(start, top + 1, left + 1);
            value = (1 - q) * value + q * below;
          }
          y[out++] = value;
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
