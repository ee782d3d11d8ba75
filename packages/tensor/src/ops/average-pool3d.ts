import type { Tensor } from '../tensor.js';
import { averagePool2d } from './average-pool2d.js';
import { type Pool3dOptions, poolVolumes } from './pool-directions.js';

export interface AveragePool3dOptions extends Pool3dOptions {
  /** True to divide by the whole window, padding (but not what ceil mode adds beyond it) included. Default true. */
  readonly countPadding?: boolean;
}

/**
 * The mean of each window: `averagePool2d` of the planes, then over depth. Shapes: x [batch, channels, D, H, W] →
 * y [batch, channels, D', H', W'], with `D' = ⌊(D + 2·padding − kernel) / stride⌋ + 1` (⌈⌉ in ceil mode), H' and W' likewise.
 * Errors: unknown options; no batch dimension; a window larger than the padded x, or wholly in the padding.
 * Parity: torch.nn.functional.avg_pool3d.
 */
export function averagePool3d(x: Tensor, options: AveragePool3dOptions): Tensor {
  const { ceilMode, countPadding } = options;
  const known = ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding'];
  return poolVolumes('averagePool3d', x, options, known, (images, { dilation: _, ...window }) =>
    averagePool2d(images, { ...window, ceilMode, countPadding }),
  );
}
