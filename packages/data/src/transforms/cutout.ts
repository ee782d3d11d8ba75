import {
  arange,
  checkCount,
  checkOptions,
  checkRange,
  fill as filled,
  greaterEqual,
  less,
  multiply,
  type Tensor,
  tensor,
  where,
} from '@nn/tensor';
import type { Draw } from './draw.js';
import { imageSizes, type Transform } from './transform.js';

export interface CutoutOptions {
  /** The side of the square, in pixels. */
  readonly size: number;
  /** What it is filled with. Default 0. */
  readonly fill?: number;
}

/**
 * Covers a square of each image, whose centre is any pixel: at the border less than the whole square.
 * Shapes: x [n, channels, height, width] → the same. Source: DeVries & Taylor 2017, arXiv:1708.04552, §3.2.
 */
export class Cutout implements Transform {
  constructor(readonly options: CutoutOptions) {
    checkOptions('Cutout', options, ['size', 'fill']);
    checkCount('Cutout', 'size', options.size ?? Number.NaN);
    checkRange('Cutout', 'fill', options.fill, { from: -Infinity });
  }

  apply(x: Tensor, draw: Draw): Tensor {
    const { n, height, width } = imageSizes('Cutout', x);
    const { size, fill = 0 } = this.options;
    const numbers = draw(2);
    const band = (which: number, length: number, shape: readonly number[]) => {
      const starts = numbers.map((u) => Math.floor(u[which] * length) - Math.floor(size / 2));
      const [first, end] = [starts, starts.map((start) => start + size)].map((values) =>
        tensor(values, { shape: [n, 1, 1, 1] }),
      );
      const places = tensor(arange(length).data, { shape });
      return multiply(greaterEqual(places, first), less(places, end));
    };
    const across = where(band(1, width, [width]), filled([], fill, x.dtype), x);
    return where(band(0, height, [height, 1]), across, x);
  }
}
