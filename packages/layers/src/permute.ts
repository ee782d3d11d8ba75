import { OptionError, permute, type Tensor } from '@nn/tensor';
import { Module } from './module.js';
import { checkRequired } from './options.js';

export interface PermuteOptions {
  /** The old axis that each new axis takes. The batch is axis 0 and stays there: [0, 2, 3, 1] puts channels last. */
  readonly axes: readonly number[];
}

/**
 * Reorders the axes of each sample. Shapes: x [batch, a, b, c] with axes [0, 2, 3, 1] → y [batch, b, c, a].
 * Parity: torch.permute. Errors: unknown options; axes that do not name each axis once, or that move the batch.
 */
export class Permute extends Module<PermuteOptions> {
  static override readonly kind = 'Permute';

  constructor(options: PermuteOptions) {
    super(options, ['axes']);
    checkRequired(this.kind, options, 'axes');
    const { axes } = options;
    const sorted = Array.isArray(axes) ? axes.toSorted((a, b) => a - b) : [];
    if (sorted.length === 0 || sorted.some((axis, i) => axis !== i) || axes[0] !== 0)
      throw new OptionError(
        `${this.kind}: axes name every axis once, the batch's 0 first, such as [0, 2, 1], not ${JSON.stringify(axes)}.`,
      );
  }

  protected forward(x: Tensor): Tensor {
    return permute(x, this.options);
  }
}
