import { relu, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = max(x, 0)`. Shapes: x [...] → y as x. Parity: torch.nn.ReLU. Source: Nair & Hinton 2010. */
export class ReLU extends Module<Record<never, never>> {
  static override readonly kind = 'ReLU';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeRectifier();
  }

  protected forward(x: Tensor): Tensor {
    return relu(x);
  }
}
