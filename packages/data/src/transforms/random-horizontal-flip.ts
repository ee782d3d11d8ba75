import { checkOptions, checkRange, type Tensor } from '@nn/tensor';
import type { Draw } from './draw.js';
import { imageSizes, type Transform } from './transform.js';
import { type AffineMap, warp } from './warp.js';

export interface RandomHorizontalFlipOptions {
  /** The probability that an image is mirrored. Default 0.5. */
  readonly probability?: number;
}

/**
 * Mirrors images left to right with a probability, each on its own.
 * Shapes: x [n, channels, height, width] → the same. Source: `RandomHorizontalFlip` of torchvision.
 */
export class RandomHorizontalFlip implements Transform {
  constructor(readonly options: RandomHorizontalFlipOptions = {}) {
    checkOptions('RandomHorizontalFlip', options, ['probability']);
    checkRange('RandomHorizontalFlip', 'probability', options.probability, { to: 1 });
  }

  apply(x: Tensor, draw: Draw): Tensor {
    const { width } = imageSizes('RandomHorizontalFlip', x);
    const { probability = 0.5 } = this.options;
    const maps = draw(1).map(([u]): AffineMap => (u < probability ? [-1, 0, width - 1, 0, 1, 0] : [1, 0, 0, 0, 1, 0]));
    return warp('RandomHorizontalFlip', x, maps, { fill: 0 });
  }
}
