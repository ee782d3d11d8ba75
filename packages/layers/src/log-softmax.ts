import { logSoftmax, type Tensor } from '@nn/tensor';
import { type AxisOptions, alongAxis } from './along-axis.js';
import { beforeSaturation, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `yᵢ = xᵢ − ln Σ e^xⱼ` along an axis, by default the last; finite for any finite x. Shapes: x [...] → y as x. Parity: torch.nn.LogSoftmax(dim). */
export class LogSoftmax extends Module<AxisOptions> {
  static override readonly kind = 'LogSoftmax';

  constructor(options: AxisOptions = {}) {
    super(options, ['axis']);
  }

  override initBefore(): Initializer {
    return beforeSaturation('linear');
  }

  protected forward(x: Tensor): Tensor {
    return alongAxis(x, this.options, logSoftmax);
  }
}
