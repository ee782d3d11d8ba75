import { checkCount, checkOptions, checkRange, ShapeError, type Tensor } from '@nn/tensor';
import type { Draw } from './draw.js';
import { pairOf, type Size } from './size.js';
import { imageSizes, type Transform } from './transform.js';
import { warp } from './warp.js';

export interface RandomCropOptions {
  /** Height and width of what is kept. Default: those of the image. */
  readonly size?: Size;
  /** Pixels added at every side first. Default 0. */
  readonly padding?: number;
  /** The value of added pixels. Default 0. */
  readonly fill?: number;
}

/**
 * A window at a random place of each image, which may be padded first: all places are equally likely.
 * Shapes: x [n, channels, height, width] → [n, channels, ...size].
 * Errors: an image, padding included, smaller than the window (ShapeError); options of no sense.
 * Source: Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep CNNs", §4.1; `RandomCrop` of torchvision.
 */
export class RandomCrop implements Transform {
  constructor(readonly options: RandomCropOptions = {}) {
    checkOptions('RandomCrop', options, ['size', 'padding', 'fill']);
    for (const side of pairOf(options.size ?? 1)) checkCount('RandomCrop', 'size', side);
    checkCount('RandomCrop', 'padding', options.padding, 0);
    checkRange('RandomCrop', 'fill', options.fill, { from: -Infinity });
  }

  apply(x: Tensor, draw: Draw): Tensor {
    const { height, width } = imageSizes('RandomCrop', x);
    const { padding = 0, fill = 0 } = this.options;
    const size = pairOf(this.options.size ?? [height, width]);
    const [down, across] = [height + 2 * padding - size[0], width + 2 * padding - size[1]];
    if (down < 0 || across < 0) {
      const image = `${height} × ${width} with ${padding} of padding`;
      throw new ShapeError(`RandomCrop: images of ${image} have no window of ${size.join(' × ')}; use a smaller size.`);
    }
    const place = (u: number, places: number) => Math.floor(u * (places + 1)) - padding;
    const maps = draw(2).map(([u, v]) => [1, 0, place(u, across), 0, 1, place(v, down)] as const);
    return warp('RandomCrop', x, maps, { size, fill });
  }
}
