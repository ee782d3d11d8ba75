import { type Tensor, tanh } from '@nn/tensor';
import { beforeSaturation, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = tanh(x)`. Shapes: x [...] → y as x. Parity: torch.nn.Tanh. */
export class Tanh extends Module<Record<never, never>> {
  static override readonly kind = 'Tanh';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeSaturation('tanh');
  }

  protected forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
