import type { Tensor } from '../tensor.js';
import { averagePool2d } from './average-pool2d.js';
import { type Pool1dOptions, poolSequences } from './pool-directions.js';

export interface AveragePool1dOptions extends Pool1dOptions {
  /** True to divide by the whole window, padding (but not what ceil mode adds beyond it) included. Default true. */
  readonly countPadding?: boolean;
}

/**
 * The mean of each window: `averagePool2d` of images of height 1. Shapes: x [batch, channels, L] → y [batch, channels, L'],
 * with `L' = ⌊(L + 2·padding − kernel) / stride⌋ + 1` (⌈⌉ in ceil mode). Errors: unknown options; no batch dimension; a window
 * larger than the padded x, or wholly in the padding. Parity: torch.nn.functional.avg_pool1d.
 */
export function averagePool1d(x: Tensor, options: AveragePool1dOptions): Tensor {
  const { ceilMode, countPadding } = options;
  const known = ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding'];
  return poolSequences('averagePool1d', x, options, known, (images, { dilation: _, ...window }) =>
    averagePool2d(images, { ...window, ceilMode, countPadding }),
  );
}
