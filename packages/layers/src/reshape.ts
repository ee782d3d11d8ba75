import { formatShape, inLayer, OptionError, reshape, type Shape, ShapeError, sizeOf, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

export interface ReshapeOptions {
  /** The new shape of one sample, without the batch dimension; one size may be -1, whatever fits. */
  readonly shape: Shape;
}

/**
 * Gives each sample another shape. Shapes: x [batch, ...] → y [batch, ...shape]. Parity: torch.nn.Unflatten(1, shape)
 * after torch.nn.Flatten. Errors: unknown options; a shape of another number of elements.
 */
export class Reshape extends Module<ReshapeOptions> {
  static override readonly kind = 'Reshape';

  constructor(options: ReshapeOptions) {
    super(options, ['shape']);
    const { shape } = options;
    const whole = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && (size >= 1 || size === -1));
    if (!whole || shape.filter((size) => size === -1).length > 1)
      throw new OptionError(
        `${this.kind}: shape must be sizes of at least 1, of which one may be -1, not ${JSON.stringify(shape)}.`,
      );
  }

  protected forward(x: Tensor): Tensor {
    const { shape } = this.options;
    const [batch, ...sample] = x.shape;
    const open = sizeOf(sample) / sizeOf(shape.filter((size) => size !== -1));
    if (!Number.isInteger(open) || (open !== 1 && !shape.includes(-1)))
      throw new ShapeError(
        `${this.kind}${inLayer()}: samples of ${formatShape(sample)} (${sizeOf(sample)} elements) do not fit ${formatShape(shape)}; give a shape of as many elements.`,
      );
    return reshape(x, [batch, ...shape.map((size) => (size === -1 ? open : size))]);
  }
}
