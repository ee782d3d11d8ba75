import type { Tensor } from '../tensor.js';
import type { Size3d } from './directions.js';
import { maxPool2d } from './max-pool2d.js';
import { type Pool3dOptions, poolVolumes } from './pool-directions.js';

export interface MaxPool3dOptions extends Pool3dOptions {
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Size3d;
}

/**
 * The largest value of each window: `maxPool2d` of the planes, then over depth. Shapes: x [batch, channels, D, H, W] →
 * y [batch, channels, D', H', W'], with `D' = ⌊(D + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` (⌈⌉ in ceil mode),
 * H' and W' likewise. Errors: unknown options; no batch dimension; a window larger than the padded x, or wholly in the
 * padding. Parity: torch.nn.functional.max_pool3d.
 */
export function maxPool3d(x: Tensor, options: MaxPool3dOptions): Tensor {
  const { ceilMode } = options;
  const known = ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode'];
  return poolVolumes('maxPool3d', x, options, known, (images, window) => maxPool2d(images, { ...window, ceilMode }));
}
