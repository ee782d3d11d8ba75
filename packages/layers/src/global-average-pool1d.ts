import { mean, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import type { GlobalAveragePool2dOptions } from './global-average-pool2d.js';
import { Module } from './module.js';

/**
 * The mean of each channel over the whole sequence. Options: `keepDims` false; true for y [batch, channels, 1].
 * Shapes: x [batch, channels, L] → y [batch, channels]. Parity: torch.nn.AdaptiveAvgPool1d(1), with `keepDims`.
 * Errors: unknown options; no batch dimension. Source: Lin, Chen & Yan 2013, arXiv:1312.4400, §3.2.
 */
export class GlobalAveragePool1d extends Module<GlobalAveragePool2dOptions> {
  static override readonly kind = 'GlobalAveragePool1d';

  constructor(options: GlobalAveragePool2dOptions = {}) {
    super(options, ['keepDims']);
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape, 1);
    return mean(x, { axis: 2, keepDims: this.options.keepDims });
  }
}
