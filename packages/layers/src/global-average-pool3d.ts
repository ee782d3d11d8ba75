import { mean, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import type { GlobalAveragePool2dOptions } from './global-average-pool2d.js';
import { Module } from './module.js';

/**
 * The mean of each channel over the whole volume. Options: `keepDims` false; true for y [batch, channels, 1, 1, 1].
 * Shapes: x [batch, channels, D, H, W] → y [batch, channels]. Parity: torch.nn.AdaptiveAvgPool3d(1), with `keepDims`.
 * Errors: unknown options; no batch dimension. Source: Lin, Chen & Yan 2013, arXiv:1312.4400, §3.2.
 */
export class GlobalAveragePool3d extends Module<GlobalAveragePool2dOptions> {
  static override readonly kind = 'GlobalAveragePool3d';

  constructor(options: GlobalAveragePool2dOptions = {}) {
    super(options, ['keepDims']);
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape, 3);
    return mean(x, { axis: [2, 3, 4], keepDims: this.options.keepDims });
  }
}
