import { type MaxPool2dOptions, maxPool2d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The largest value of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0, which never
 * wins; `dilation` 1; `ceilMode` false. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'].
 * Parity: torch.nn.MaxPool2d. Errors: unknown options; no batch dimension; a window larger than the padded image.
 */
export class MaxPool2d extends Module<MaxPool2dOptions> {
  static override readonly kind = 'MaxPool2d';

  constructor(options: MaxPool2dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options);
    checkPoolPadding(this.kind, options);
  }

  protected forward(x: Tensor): Tensor {
    return maxPool2d(x, this.options);
  }
}
