import { gelu, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** Gaussian error linear unit, tanh form: `y = x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))`. Shapes: x [...] → y as x. Parity: torch.nn.GELU(approximate='tanh'). Source: Hendrycks & Gimpel 2016, arXiv:1606.08415. */
export class GELU extends Module<Record<never, never>> {
  static override readonly kind = 'GELU';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  override initBefore(): Initializer {
    return beforeRectifier();
  }

  protected forward(x: Tensor): Tensor {
    return gelu(x);
  }
}
