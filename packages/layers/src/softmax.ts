import { softmax, type Tensor } from '@nn/tensor';
import { type AxisOptions, alongAxis } from './along-axis.js';
import { beforeSaturation, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `yᵢ = e^xᵢ / Σ e^xⱼ` along an axis, by default the last; finite for any finite x. Losses from logits need none. Shapes: x [...] → y as x. Parity: torch.nn.Softmax(dim). */
export class Softmax extends Module<AxisOptions> {
  static override readonly kind = 'Softmax';

  constructor(options: AxisOptions = {}) {
    super(options, ['axis']);
  }

  override initBefore(): Initializer {
    return beforeSaturation('linear');
  }

  protected forward(x: Tensor): Tensor {
    return alongAxis(x, this.options, softmax);
  }
}
