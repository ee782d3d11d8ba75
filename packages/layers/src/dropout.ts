import { checkRange, dropout, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

export interface DropoutLayerOptions {
  /** The probability that an element is dropped (not kept), 0 to 1. Default 0.5. */
  readonly dropProbability?: number;
}

/**
 * In training, drops each element with `dropProbability` p and scales the rest by 1 / (1 − p); in evaluation, the identity.
 * Draws from the dropout stream. Shapes: x [...] → y as x. Parity: torch.nn.Dropout(p).
 * Errors: unknown options; a probability outside 0 to 1. Source: Srivastava et al. 2014, "Dropout", JMLR 15.
 */
export class Dropout extends Module<DropoutLayerOptions> {
  static override readonly kind = 'Dropout';

  constructor(options: DropoutLayerOptions = {}) {
    super(options, ['dropProbability']);
    checkRange(this.kind, 'dropProbability', options.dropProbability, { to: 1 });
  }

  protected forward(x: Tensor): Tensor {
    return this.training ? dropout(x, { probability: this.options.dropProbability ?? 0.5 }) : x;
  }
}
