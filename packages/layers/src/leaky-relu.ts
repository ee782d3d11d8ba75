import { checkRange, type LeakyReluOptions, leakyRelu, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

/** `y = x` above 0, `slope·x` below; `slope` is 0.01 by default. Shapes: x [...] → y as x. Parity: torch.nn.LeakyReLU (`negative_slope`). Source: Maas, Hannun & Ng 2013. */
export class LeakyReLU extends Module<LeakyReluOptions> {
  static override readonly kind = 'LeakyReLU';

  constructor(options: LeakyReluOptions = {}) {
    super(options, ['slope']);
    checkRange(this.kind, 'slope', options.slope, { from: -Infinity });
  }

  protected forward(x: Tensor): Tensor {
    return leakyRelu(x, this.options);
  }
}
