import type { Tensor } from '../tensor.js';
import { maxPool2d } from './max-pool2d.js';
import { type Pool1dOptions, poolSequences } from './pool-directions.js';

export interface MaxPool1dOptions extends Pool1dOptions {
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: number;
}

/**
 * The largest value of each window: `maxPool2d` of images of height 1. Shapes: x [batch, channels, L] → y [batch, channels,
 * L'], with `L' = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1` (⌈⌉ in ceil mode). Errors: unknown options;
 * no batch dimension; a window larger than the padded x, or wholly in the padding. Parity: torch.nn.functional.max_pool1d.
 */
export function maxPool1d(x: Tensor, options: MaxPool1dOptions): Tensor {
  const { ceilMode } = options;
  const known = ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode'];
  return poolSequences('maxPool1d', x, options, known, (images, window) => maxPool2d(images, { ...window, ceilMode }));
}
