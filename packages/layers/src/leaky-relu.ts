import { checkRange, type LeakyReluOptions, leakyRelu, type Tensor } from '@nn/tensor';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

/** `y = x` above 0, `slope·x` below; `slope` is 0.01 by default. Shapes: x [...] → y as x. Parity: torch.nn.LeakyReLU (`negative_slope`). Source: Maas, Hannun & Ng 2013. */
export class LeakyReLU extends Module<LeakyReluOptions> {
  static override readonly kind = 'LeakyReLU';

  constructor(options: LeakyReluOptions = {}) {
    super(options, ['slope']);
    checkRange(this.kind, 'slope', options.slope, { from: -Infinity });
  }

  override initBefore(): Initializer {
    return beforeRectifier(this.options.slope ?? 0.01);
  }

  protected forward(x: Tensor): Tensor {
    return leakyRelu(x, this.options);
  }
}
