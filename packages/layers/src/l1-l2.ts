import { abs, add, checkRange, multiply, type Parameter, square, sum, type Tensor } from '@nn/tensor';
import { Regularizer, type RegularizerOptions } from './regularizer.js';

export interface L1L2Options extends RegularizerOptions {
  /** The factor of the sizes. Default 0.01. */
  readonly l1?: number;
  /** The factor of the squares. Default 0.01. */
  readonly l2?: number;
}

/**
 * The penalty `l1 · Σ|w| + l2 · Σw²`. Errors: unknown options, factors below 0.
 * Source: Zou & Hastie 2005, "Regularization and variable selection via the elastic net".
 */
export class L1L2 extends Regularizer<L1L2Options> {
  static override readonly kind = 'L1L2';

  constructor(options: L1L2Options = {}) {
    super(options, ['l1', 'l2']);
    checkRange(this.kind, 'l1', options.l1);
    checkRange(this.kind, 'l2', options.l2);
  }

  protected cost(w: Parameter): Tensor {
    const { l1 = 0.01, l2 = 0.01 } = this.options;
    return add(multiply(sum(abs(w)), l1), multiply(sum(square(w)), l2));
  }
}
