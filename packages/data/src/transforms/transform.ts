import { formatShape, isFloat, ShapeError, type Tensor } from '@nn/tensor';
import type { Draw } from './draw.js';

/**
 * A change to batches of inputs before a step sees them; `DataLoader` applies its `transforms` in order.
 *
 * ```ts
 * class Noise implements Transform {
 *   apply(x: Tensor, draw: Draw) {
 *     const shifts = draw(1).map(([u]) => 0.1 * u);
 *     return add(x, tensor(shifts, { shape: [shifts.length, 1, 1, 1] }));
 *   }
 * }
 * ```
 */
export interface Transform {
  /**
   * The batch x [n, ...], changed. Random numbers come from `draw` alone, so that an epoch can be repeated.
   */
  apply(x: Tensor, draw: Draw): Tensor;
}

/** The sizes of a batch of images. Errors (ShapeError): x is not [n, channels, height, width] of floats. */
export function imageSizes(owner: string, x: Tensor): { n: number; channels: number; height: number; width: number } {
  const { shape, dtype } = x;
  if (shape.length !== 4 || !isFloat(dtype)) {
    const remedy = 'it takes floats [batch, channels, height, width]: reshape or cast the dataset';
    throw new ShapeError(`${owner}: x is ${formatShape(shape)} ${dtype}; ${remedy}.`);
  }
  const [n, channels, height, width] = shape;
  return { n, channels, height, width };
}
