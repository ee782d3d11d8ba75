import { checkOptions, checkRange, OptionError, type Tensor } from '@nn/tensor';
import type { Draw } from './draw.js';
import { imageSizes, type Transform } from './transform.js';
import { type AffineMap, warp } from './warp.js';

export interface RandomAffineOptions {
  /** Turns by −degrees to degrees, clockwise. Default 0. */
  readonly degrees?: number;
  /** Shifts by up to this part of the width and of the height, either way; 0 to 1. Default 0. */
  readonly translate?: number;
  /** Enlarges by a factor between these two, above 0. Default [1, 1]. */
  readonly scale?: readonly [smallest: number, largest: number];
  /** Slants along the rows by −shear to shear degrees, below 90. Default 0. */
  readonly shear?: number;
  /** What lies outside the image. Default 0. */
  readonly fill?: number;
}

/**
 * Turns, shifts, enlarges and slants each image about its centre c by amounts of its own, evenly drawn: the pixel p of the
 * result is the one at `c + A⁻¹ (p − c − t)`, with `A = scale · [[cos φ, −sin φ], [sin φ, cos φ]] · [[1, tan shear], [0, 1]]`
 * and x to the right, y down; bilinear between pixels. Shapes: x [n, channels, height, width] → the same.
 * Source: Simard, Steinkraus & Platt 2003, "Best practices for convolutional neural networks", §2; `RandomAffine` of
 * torchvision.
 */
export class RandomAffine implements Transform {
  constructor(readonly options: RandomAffineOptions) {
    checkOptions('RandomAffine', options, ['degrees', 'translate', 'scale', 'shear', 'fill']);
    checkRange('RandomAffine', 'degrees', options.degrees, { to: 180 });
    checkRange('RandomAffine', 'translate', options.translate, { to: 1 });
    checkRange('RandomAffine', 'shear', options.shear, { below: 90 });
    checkRange('RandomAffine', 'fill', options.fill, { from: -Infinity });
    const { scale = [1, 1] } = options;
    if (!(scale.length === 2 && scale[0] > 0 && scale[1] >= scale[0] && scale[1] < Infinity))
      throw new OptionError(`RandomAffine: scale is [smallest, largest], both above 0, not [${scale.join(', ')}].`);
  }

  apply(x: Tensor, draw: Draw): Tensor {
    const { height, width } = imageSizes('RandomAffine', x);
    const { degrees = 0, translate = 0, scale = [1, 1], shear = 0, fill = 0 } = this.options;
    const either = (u: number, most: number) => (2 * u - 1) * most;
    const maps = draw(5).map(([turn, across, down, size, slant]) =>
      inverse({
        angle: (either(turn, degrees) * Math.PI) / 180,
        slant: Math.tan((either(slant, shear) * Math.PI) / 180),
        factor: scale[0] + size * (scale[1] - scale[0]),
        shift: [either(across, translate * width), either(down, translate * height)],
        centre: [(width - 1) / 2, (height - 1) / 2],
      }),
    );
    return warp('RandomAffine', x, maps, { fill });
  }
}

interface Motion {
  readonly angle: number;
  readonly slant: number;
  readonly factor: number;
  readonly shift: readonly [x: number, y: number];
  readonly centre: readonly [x: number, y: number];
}

/** `p ↦ c + A⁻¹ (p − c − t)`, where A = factor · rotation · [[1, slant], [0, 1]]. */
function inverse({ angle, slant, factor, shift, centre: [cx, cy] }: Motion): AffineMap {
  const [cos, sin] = [Math.cos(angle) / factor, Math.sin(angle) / factor];
  const [a, b, d, e] = [cos + slant * sin, sin - slant * cos, -sin, cos];
  const [x, y] = [cx + shift[0], cy + shift[1]];
  return [a, b, cx - a * x - b * y, d, e, cy - d * x - e * y];
}
