import { type AveragePool3dOptions, averagePool3d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The mean of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0; `ceilMode` false;
 * `countPadding` true, to divide by the whole window. Shapes: x [batch, channels, D, H, W] → y [batch, channels, D', H', W'].
 * Computed plane by plane, then over depth.
 * Parity: torch.nn.AvgPool3d (`count_include_pad`). Errors: unknown options; no batch dimension; a window larger than the
 * padded volume.
 */
export class AvgPool3d extends Module<AveragePool3dOptions> {
  static override readonly kind = 'AvgPool3d';

  constructor(options: AveragePool3dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options, 3);
    checkPoolPadding(this.kind, options, 3);
  }

  protected forward(x: Tensor): Tensor {
    return averagePool3d(x, this.options);
  }
}
