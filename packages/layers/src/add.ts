import { add, type Tensor } from '@nn/tensor';
import { foldInputs } from './fold-inputs.js';
import { Module } from './module.js';

/**
 * The sum of any number of inputs, broadcast to their common shape. Shapes: x₁ [batch, ...], x₂ [batch, ...], … → y.
 * Errors: no inputs; shapes that do not broadcast.
 */
export class Add extends Module<Record<never, never>, Tensor[]> {
  static override readonly kind = 'Add';

  constructor(options: Record<never, never> = {}) {
    super(options, []);
  }

  protected forward(...x: Tensor[]): Tensor {
    return foldInputs(this.kind, x, add);
  }
}
