import { argmax, type Tensor } from '@nn/tensor';
import type { AxisOptions } from './along-axis.js';
import { Module } from './module.js';

/**
 * Decodes scores or one-hot codes: the index of the largest along an axis, by default the last, and the first of equals. No
 * gradient passes, so it comes after what is trained: losses take the scores. Shapes: x [batch, ..., classes] →
 * y [batch, ...] i32. Parity: torch.argmax. Errors: unknown options; an axis that x lacks.
 */
export class ArgMax extends Module<AxisOptions> {
  static override readonly kind = 'ArgMax';

  constructor(options: AxisOptions = {}) {
    super(options, ['axis']);
  }

  protected forward(x: Tensor): Tensor {
    return argmax(x, this.options);
  }
}
