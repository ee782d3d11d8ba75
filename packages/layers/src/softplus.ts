import { softplus, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = ln(1 + eˣ)`; finite for any finite x. Shapes: x [...] → y as x. Parity: torch.nn.Softplus. Source: Dugas et al. 2000. */
export class Softplus extends Module<Record<never, never>> {
  static override readonly kind = 'Softplus';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeRectifier();
  }

  protected forward(x: Tensor): Tensor {
    return softplus(x);
  }
}
