import { mean, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import { Module } from './module.js';

export interface GlobalAveragePool2dOptions {
  /** True for y [batch, channels, 1, 1], as torch.nn.AdaptiveAvgPool2d(1) gives. Default false. */
  readonly keepDims?: boolean;
}

/**
 * The mean of each channel over the whole image. Shapes: x [batch, channels, H, W] → y [batch, channels].
 * Errors: unknown options; no batch dimension. Source: Lin, Chen & Yan 2013, arXiv:1312.4400, §3.2.
 */
export class GlobalAveragePool2d extends Module<GlobalAveragePool2dOptions> {
  static override readonly kind = 'GlobalAveragePool2d';

  constructor(options: GlobalAveragePool2dOptions = {}) {
    super(options, ['keepDims']);
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape);
    return mean(x, { axis: [2, 3], keepDims: this.options.keepDims });
  }
}
