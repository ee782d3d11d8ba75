import { silu, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = x · sigmoid(x)`, also known as swish. Shapes: x [...] → y as x. Parity: torch.nn.SiLU. Source: Elfwing, Uchibe & Doya 2017, arXiv:1702.03118. */
export class SiLU extends Module<Record<never, never>> {
  static override readonly kind = 'SiLU';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeRectifier();
  }

  protected forward(x: Tensor): Tensor {
    return silu(x);
  }
}
