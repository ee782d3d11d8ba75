import { type AveragePool2dOptions, averagePool2d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The mean of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0; `ceilMode` false;
 * `countPadding` true, to divide by the whole window. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'].
 * Parity: torch.nn.AvgPool2d (`count_include_pad`). Errors: unknown options; no batch dimension; a window larger than the
 * padded image.
 */
export class AvgPool2d extends Module<AveragePool2dOptions> {
  static override readonly kind = 'AvgPool2d';

  constructor(options: AveragePool2dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options);
    checkPoolPadding(this.kind, options);
  }

  protected forward(x: Tensor): Tensor {
    return averagePool2d(x, this.options);
  }
}
