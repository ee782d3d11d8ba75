import { checkRange, multiply, type Parameter, square, sum, type Tensor } from '@nn/tensor';
import { Regularizer, type RegularizerOptions } from './regularizer.js';

export interface L2Options extends RegularizerOptions {
  /** Default 0.01. */
  readonly strength?: number;
}

/**
 * The penalty `strength · Σw²`, which keeps weights small. Under SGD it is `weightDecay: 2 · strength`, and part of the loss.
 * Errors: unknown options, a strength below 0. Source: Hoerl & Kennard 1970, "Ridge regression".
 */
export class L2 extends Regularizer<L2Options> {
  static override readonly kind = 'L2';

  constructor(options: L2Options = {}) {
    super(options, ['strength']);
    checkRange(this.kind, 'strength', options.strength);
  }

  protected cost(w: Parameter): Tensor {
    return multiply(sum(square(w)), this.options.strength ?? 0.01);
  }
}
