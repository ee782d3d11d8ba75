import { type AveragePool1dOptions, averagePool1d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The mean of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0; `ceilMode` false;
 * `countPadding` true, to divide by the whole window. Shapes: x [batch, channels, L] → y [batch, channels, L']. Computed as images of
 * height 1.
 * Parity: torch.nn.AvgPool1d (`count_include_pad`). Errors: unknown options; no batch dimension; a window larger than the
 * padded sequence.
 */
export class AvgPool1d extends Module<AveragePool1dOptions> {
  static override readonly kind = 'AvgPool1d';

  constructor(options: AveragePool1dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options, 1);
    checkPoolPadding(this.kind, options, 1);
  }

  protected forward(x: Tensor): Tensor {
    return averagePool1d(x, this.options);
  }
}
