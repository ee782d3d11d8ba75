import { type Tensor, tanh } from '@nn/tensor';
import { Module } from './module.js';

/** `y = tanh(x)`. Shapes: x [...] → y as x. Parity: torch.nn.Tanh. */
export class Tanh extends Module<Record<never, never>> {
  static override readonly kind = 'Tanh';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  protected forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
