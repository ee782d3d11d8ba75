import { checkRange, type HardTanhOptions, hardTanh, OptionError, type Tensor } from '@nn/tensor';
import { beforeSaturation, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = min(max(x, low), high)`; the bounds are -1 and 1 by default. Shapes: x [...] → y as x. Parity: torch.nn.Hardtanh (`min_val`, `max_val`). Source: Collobert 2004, "Large scale machine learning", §6. */
export class HardTanh extends Module<HardTanhOptions> {
  static override readonly kind = 'HardTanh';

  constructor(options: HardTanhOptions = {}) {
    super(options, ['low', 'high']);
    const { low = -1, high = 1 } = options;
    checkRange(this.kind, 'low', low, { from: -Infinity });
    checkRange(this.kind, 'high', high, { from: -Infinity });
    if (low >= high) throw new OptionError(`${this.kind}: low ${low} must be less than high ${high}.`);
  }

  override initBefore(): Initializer {
    return beforeSaturation('tanh');
  }

  protected forward(x: Tensor): Tensor {
    return hardTanh(x, this.options);
  }
}
