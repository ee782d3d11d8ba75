import { multiply, type Tensor } from '@nn/tensor';
import { foldInputs } from './fold-inputs.js';
import { Module } from './module.js';

/**
 * The product, number by number, of any number of inputs, broadcast to their common shape.
 * Shapes: x₁ [batch, ...], x₂ [batch, ...], … → y. Errors: no inputs; shapes that do not broadcast.
 */
export class Multiply extends Module<Record<never, never>, Tensor[]> {
  static override readonly kind = 'Multiply';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  protected forward(...x: Tensor[]): Tensor {
    return foldInputs(this.kind, x, multiply);
  }
}
