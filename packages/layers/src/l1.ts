import { abs, checkRange, multiply, type Parameter, sum, type Tensor } from '@nn/tensor';
import { Regularizer, type RegularizerOptions } from './regularizer.js';

export interface L1Options extends RegularizerOptions {
  /** Default 0.01. */
  readonly strength?: number;
}

/**
 * The penalty `strength · Σ|w|`, which makes weights 0. Errors: unknown options, a strength below 0.
 * Source: Tibshirani 1996, "Regression shrinkage and selection via the lasso".
 */
export class L1 extends Regularizer<L1Options> {
  static override readonly kind = 'L1';

  constructor(options: L1Options = {}) {
    super(options, ['strength']);
    checkRange(this.kind, 'strength', options.strength);
  }

  protected cost(w: Parameter): Tensor {
    return multiply(sum(abs(w)), this.options.strength ?? 0.01);
  }
}
