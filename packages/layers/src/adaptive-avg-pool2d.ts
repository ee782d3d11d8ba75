import { adaptiveAveragePool2d, type Size2d, type Tensor } from '@nn/tensor';
import { checkSizes } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

export interface AdaptiveAvgPool2dOptions {
  /** Height and width of the output, as one number or two. */
  readonly outputSize: Size2d;
}

/**
 * The means of windows that cover the image, as many as the output has pixels, whatever the input's size: window i of H' in
 * a direction goes from ⌊i·H/H'⌋ to before ⌈(i + 1)·H/H'⌉. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'].
 * Parity: torch.nn.AdaptiveAvgPool2d. Errors: unknown options; no batch dimension.
 * Source: He et al. 2014, "Spatial pyramid pooling", arXiv:1406.4729, §2.2.
 */
export class AdaptiveAvgPool2d extends Module<AdaptiveAvgPool2dOptions> {
  static override readonly kind = 'AdaptiveAvgPool2d';

  constructor(options: AdaptiveAvgPool2dOptions) {
    super(options, ['outputSize']);
    checkRequired(this.kind, options, 'outputSize');
    checkSizes(this.kind, 'outputSize', options.outputSize, 1, 2);
  }

  protected forward(x: Tensor): Tensor {
    return adaptiveAveragePool2d(x, { outputSize: this.options.outputSize });
  }
}
