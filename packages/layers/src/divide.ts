import { divide, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

/**
 * The first input over the second, `y = a / b`, broadcast to their common shape. Shapes: a [batch, ...], b [batch, ...] → y.
 * Errors: another number of inputs; shapes that do not broadcast.
 */
export class Divide extends Module<Record<never, never>, [a: Tensor, b: Tensor]> {
  static override readonly kind = 'Divide';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  protected forward(a: Tensor, b: Tensor): Tensor {
    return divide(a, b);
  }
}
