import { sigmoid, type Tensor } from '@nn/tensor';
import { beforeSaturation, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = 1 / (1 + e⁻ˣ)`. Shapes: x [...] → y as x. Parity: torch.nn.Sigmoid. */
export class Sigmoid extends Module<Record<never, never>> {
  static override readonly kind = 'Sigmoid';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeSaturation('sigmoid');
  }

  protected forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
