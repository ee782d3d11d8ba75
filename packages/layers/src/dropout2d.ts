import { checkRange, dropout, multiply, ones, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import type { DropoutLayerOptions } from './dropout.js';
import { Module } from './module.js';

/**
 * In training, drops whole channels of each image with `dropProbability` p (default 0.5) and scales the rest by 1 / (1 − p);
 * in evaluation, the identity. Draws from the dropout stream. Shapes: x [batch, channels, H, W] → y as x.
 * Parity: torch.nn.Dropout2d(p). Errors: unknown options; a probability outside 0 to 1; no batch dimension.
 * Source: Tompson et al. 2015, "Efficient object localization using convolutional networks", arXiv:1411.4280, §3.2.
 */
export class Dropout2d extends Module<DropoutLayerOptions> {
  static override readonly kind = 'Dropout2d';

  constructor(options: DropoutLayerOptions = {}) {
    super(options, ['dropProbability']);
    checkRange(this.kind, 'dropProbability', options.dropProbability, { to: 1 });
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape);
    if (!this.training) return x;
    const [batch, channels] = x.shape;
    const whole = ones([batch, channels, 1, 1], { dtype: x.dtype });
    return multiply(x, dropout(whole, { probability: this.options.dropProbability ?? 0.5 }));
  }
}
