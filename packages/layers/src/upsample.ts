import { type Interpolate2dOptions, interpolate2d, OptionError, type Tensor } from '@nn/tensor';
import { checkSizes } from './check-window.js';
import { Module } from './module.js';

/**
 * Images of another size. Options: either `size` or `scaleFactor`, each one number or [vertical, horizontal], the latter
 * whole or not, with sizes rounded down; `mode` 'nearest' (default) or 'bilinear'; `alignCorners` false, for 'bilinear' only.
 * Pixels correspond as `interpolate2d` says. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'].
 * Parity: torch.nn.Upsample. Errors: unknown options; both or none of `size` and `scaleFactor`; no batch dimension.
 */
export class Upsample extends Module<Interpolate2dOptions> {
  static override readonly kind = 'Upsample';

  constructor(options: Interpolate2dOptions) {
    super(options, ['size', 'scaleFactor', 'mode', 'alignCorners']);
    const { size, scaleFactor, mode = 'nearest', alignCorners = false } = options;
    if ((size === undefined) === (scaleFactor === undefined))
      throw new OptionError(`${this.kind} needs either size or scaleFactor: new ${this.kind}({ scaleFactor: 2 }).`);
    if (size !== undefined) checkSizes(this.kind, 'size', size, 1);
    const factors = typeof scaleFactor === 'number' ? [scaleFactor, scaleFactor] : (scaleFactor ?? [1, 1]);
    if (!Array.isArray(factors) || factors.length !== 2 || !factors.every((factor) => factor > 0 && factor < Infinity))
      throw new OptionError(
        `${this.kind}: scaleFactor must be a number above 0, or two of them [vertical, horizontal], ` +
          `not ${JSON.stringify(scaleFactor)}.`,
      );
    if (mode !== 'nearest' && mode !== 'bilinear')
      throw new OptionError(`${this.kind}: mode must be 'nearest' or 'bilinear', not ${JSON.stringify(mode)}.`);
    if (alignCorners && mode === 'nearest') throw new OptionError(`${this.kind}: alignCorners needs mode 'bilinear'.`);
  }

  protected forward(x: Tensor): Tensor {
    return interpolate2d(x, this.options);
  }
}
