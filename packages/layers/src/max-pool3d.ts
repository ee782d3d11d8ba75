import { type MaxPool3dOptions, maxPool3d, type Tensor } from '@nn/tensor';
import { checkPoolPadding, checkWindow } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

/**
 * The largest value of each window. Options: `kernelSize`; `stride`, by default the kernel's size; `padding` 0, which never
 * wins; `dilation` 1; `ceilMode` false. Shapes: x [batch, channels, D, H, W] → y [batch, channels, D', H', W'].
 * Computed plane by plane, then over depth.
 * Parity: torch.nn.MaxPool3d. Errors: unknown options; no batch dimension; a window larger than the padded volume.
 */
export class MaxPool3d extends Module<MaxPool3dOptions> {
  static override readonly kind = 'MaxPool3d';

  constructor(options: MaxPool3dOptions) {
    super(options, ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode']);
    checkRequired(this.kind, options, 'kernelSize');
    checkWindow(this.kind, options, 3);
    checkPoolPadding(this.kind, options, 3);
  }

  protected forward(x: Tensor): Tensor {
    return maxPool3d(x, this.options);
  }
}
