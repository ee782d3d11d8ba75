import { checkCount, flatten, formatShape, inLayer, ShapeError, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

export interface FlattenOptions {
  /** The first of the dimensions that are joined; the batch is dimension 0. Default 1. */
  readonly startAxis?: number;
}

/**
 * Joins the dimensions from `startAxis` on: by default all but the batch. Shapes: x [batch, a, b, ...] → y [batch, a·b·…];
 * with `startAxis: 2`, y [batch, a, b·…]. Parity: torch.nn.Flatten(start_dim). Errors: unknown options; an axis that x lacks.
 */
export class Flatten extends Module<FlattenOptions> {
  static override readonly kind = 'Flatten';

  constructor(options: FlattenOptions = {}) {
    super(options, ['startAxis']);
    checkCount(this.kind, 'startAxis', options.startAxis);
  }

  protected forward(x: Tensor): Tensor {
    const { startAxis = 1 } = this.options;
    if (startAxis > 1 && startAxis >= x.shape.length)
      throw new ShapeError(
        `${this.kind}${inLayer()}: startAxis ${startAxis} is none of ${formatShape(x.shape)}, which has axes 0 to ${x.shape.length - 1}; use a smaller one.`,
      );
    return flatten(x, { startAxis });
  }
}
