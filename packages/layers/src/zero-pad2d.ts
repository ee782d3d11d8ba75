import { type Padding2d, pad, type Tensor } from '@nn/tensor';
import { checkChannels } from './check-inputs.js';
import { checkPadding } from './check-window.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';

export interface ZeroPad2dOptions {
  /** Rows and columns of zeros: a number for every side, [vertical, horizontal] or [top, bottom, left, right], as Conv2d's. */
  readonly padding: Exclude<Padding2d, string>;
}

/**
 * Zeros around images. Shapes: x [batch, channels, H, W] → y [batch, channels, top + H + bottom, left + W + right].
 * Parity: torch.nn.ZeroPad2d, whose order of sides is left, right, top, bottom. Errors: unknown options; no batch dimension.
 */
export class ZeroPad2d extends Module<ZeroPad2dOptions> {
  static override readonly kind = 'ZeroPad2d';

  constructor(options: ZeroPad2dOptions) {
    super(options, ['padding']);
    checkRequired(this.kind, options, 'padding');
    checkPadding(this.kind, options.padding);
  }

  protected forward(x: Tensor): Tensor {
    checkChannels(this.kind, x.shape);
    const given = [this.options.padding].flat();
    const [top, bottom, left, right] =
      given.length === 4 ? given : [given[0], given[0], given[given.length - 1], given[given.length - 1]];
    const rows = pad(x, { axis: 2, before: top, after: bottom });
    return pad(rows, { axis: 3, before: left, after: right });
  }
}
