import { type MaxPool1dOptions, maxPool1d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The largest value of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0, which never
 * wins; `dilation` 1; `ceilMode` false. Shapes: x [batch, channels, L] → y [batch, channels, L']. Computed as images of
 * height 1.
 * Parity: torch.nn.MaxPool1d. Errors: unknown options; no batch dimension; a window larger than the padded sequence.
 */
export class MaxPool1d extends Module<MaxPool1dOptions> {
  static override readonly kind = 'MaxPool1d';

  constructor(options: MaxPool1dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options, 1);
    checkPoolPadding(this.kind, options, 1);
  }

  protected forward(x: Tensor): Tensor {
    return maxPool1d(x, this.options);
  }
}
