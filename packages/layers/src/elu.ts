import { checkRange, type EluOptions, elu, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = x` above 0, `α·(eˣ − 1)` below; `alpha` is 1 by default. Shapes: x [...] → y as x. Parity: torch.nn.ELU. Source: Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289. */
export class ELU extends Module<EluOptions> {
  static override readonly kind = 'ELU';

  constructor(options: EluOptions = {}) {
    super(options, ['alpha']);
    checkRange(this.kind, 'alpha', options.alpha, { from: -Infinity });
  }

  override initBefore(): Initializer {
    return beforeRectifier();
  }

  protected forward(x: Tensor): Tensor {
    return elu(x, this.options);
  }
}
