import { add, checkOptions, checkRange, clamp, mean, multiply, type Tensor, tensor } from '@nn/tensor';
import type { Draw } from './draw.js';
import { luminance } from './luminance.js';
import { imageSizes, type Transform } from './transform.js';

export interface ColorJitterOptions {
  /** The factor of the brightness lies between 1 − brightness (0 at least) and 1 + brightness. Default 0. */
  readonly brightness?: number;
  /** The same for the contrast. Default 0. */
  readonly contrast?: number;
  /** The same for the saturation, of images of three channels. Default 0. */
  readonly saturation?: number;
}

/**
 * Changes each image's brightness, contrast and saturation, in this order, by factors f of its own, evenly drawn:
 * `y = f·x`, `y = f·x + (1 − f)·mean(grey(x))`, `y = f·x + (1 − f)·grey(x)`, each clamped to 0…1, where grey is
 * `0.299 r + 0.587 g + 0.114 b`. So pixels must be 0…1: normalise after it, not before.
 * Shapes: x [n, 1 or 3, height, width] → the same. Source: `ColorJitter` of torchvision.
 */
export class ColorJitter implements Transform {
  constructor(readonly options: ColorJitterOptions) {
    checkOptions('ColorJitter', options, ['brightness', 'contrast', 'saturation']);
    checkRange('ColorJitter', 'brightness', options.brightness);
    checkRange('ColorJitter', 'contrast', options.contrast);
    checkRange('ColorJitter', 'saturation', options.saturation);
  }

  apply(x: Tensor, draw: Draw): Tensor {
    const { n, channels } = imageSizes('ColorJitter', x);
    const { brightness = 0, contrast = 0, saturation = 0 } = this.options;
    const numbers = draw(3);
    const factors = (which: number, strength: number) => {
      const least = Math.max(0, 1 - strength);
      const values = numbers.map((u) => least + u[which] * (1 + strength - least));
      return tensor(values, { dtype: x.dtype, shape: [n, 1, 1, 1] });
    };
    let y = x;
    if (brightness > 0) y = clamp(multiply(y, factors(0, brightness)), { low: 0, high: 1 });
    if (contrast > 0) y = blend(y, mean(luminance(y), { axis: [1, 2, 3], keepDims: true }), factors(1, contrast));
    if (saturation > 0 && channels === 3) y = blend(y, luminance(y), factors(2, saturation));
    return y;
  }
}

/** `f·x + (1 − f)·other`, clamped to 0…1. */
const blend = (x: Tensor, other: Tensor, f: Tensor): Tensor =>
  clamp(add(multiply(f, x), multiply(add(multiply(f, -1), 1), other)), { low: 0, high: 1 });
