import { flatten, type Tensor } from '@nn/tensor';
import { checkCount } from './check-values.js';
import { Module } from './module.js';

export interface FlattenOptions {
  /** The first of the dimensions that are joined; the batch is dimension 0. Default 1. */
  readonly startAxis?: number;
}

/**
 * Joins all dimensions but the batch. Shapes: x [batch, a, b, ...] → y [batch, a·b·…]. Parity: torch.nn.Flatten.
 * Errors: unknown options.
 */
export class Flatten extends Module<FlattenOptions> {
  static override readonly kind = 'Flatten';

  constructor(options: FlattenOptions = {}) {
    super(options, ['startAxis']);
    if (options.startAxis !== undefined) checkCount(this.kind, 'startAxis', options.startAxis);
  }

  protected forward(x: Tensor): Tensor {
    return flatten(x, this.options);
  }
}
