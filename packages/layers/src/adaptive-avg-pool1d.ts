import { adaptiveAveragePool2d, checkCount, reshape, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

export interface AdaptiveAvgPool1dOptions {
  /** Length of the output. */
  readonly outputSize: number;
}

/**
 * The means of windows that cover the sequence, as many as the output is long, whatever the input's length: window i of L'
 * goes from ⌊i·L/L'⌋ to before ⌈(i + 1)·L/L'⌉. Shapes: x [batch, channels, L] → y [batch, channels, L'].
 * Parity: torch.nn.AdaptiveAvgPool1d. Errors: unknown options; no batch dimension.
 * Source: He et al. 2014, "Spatial pyramid pooling", arXiv:1406.4729, §2.2.
 */
export class AdaptiveAvgPool1d extends Module<AdaptiveAvgPool1dOptions> {
  static override readonly kind = 'AdaptiveAvgPool1d';

  constructor(options: AdaptiveAvgPool1dOptions) {
    super(options, ['outputSize']);
    checkRequired(this.kind, options, 'outputSize');
    checkCount(this.kind, 'outputSize', options.outputSize);
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape, 1);
    const { outputSize } = this.options;
    const [batch, channels, length] = x.shape;
    const images = reshape(x, [batch, channels, 1, length]);
    return reshape(adaptiveAveragePool2d(images, { outputSize: [1, outputSize] }), [batch, channels, outputSize]);
  }
}
