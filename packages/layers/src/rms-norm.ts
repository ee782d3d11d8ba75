import {
  add,
  checkCount,
  checkRange,
  divide,
  mean,
  multiply,
  ones,
  Parameter,
  type Shape,
  sqrt,
  square,
  type Tensor,
} from '@nn/tensor';
import { lastDimensions } from './last-dimensions.js';
import { Module } from './module.js';

export interface RMSNormOptions {
  /** Sizes of the last dimensions, which are normalised together. Default: the last one alone. */
  readonly shape?: number | Shape;
  /** Added to the mean square before the root is taken. Default: the distance from 1 to the next number, 2⁻²³ in f32. */
  readonly epsilon?: number;
  /** False for no learned scale. Default true. */
  readonly affine?: boolean;
}

/**
 * Root mean square normalisation over every sample's last dimensions: `y = x / √(mean(x²) + ε) · weight`.
 * Shapes: x [batch, ..., ...shape] → y as x; weight [...shape], which weight decay spares. Parity: torch.nn.RMSNorm.
 * Errors: unknown options; other last dimensions. Source: Zhang & Sennrich 2019, arXiv:1910.07467, §4.
 */
export class RMSNorm extends Module<RMSNormOptions> {
  static override readonly kind = 'RMSNorm';
  weight?: Parameter;

  constructor(options: RMSNormOptions = {}) {
    super(options, ['shape', 'epsilon', 'affine']);
    for (const size of [options.shape ?? []].flat()) checkCount(this.kind, 'shape', size);
    checkRange(this.kind, 'epsilon', options.epsilon);
  }

  protected override setup(x: Shape): void {
    const shape = this.#normalized(x);
    if (this.options.affine ?? true) this.weight = new Parameter(ones(shape), { decay: false });
  }

  protected forward(x: Tensor): Tensor {
    const { epsilon = x.dtype === 'f64' ? 2 ** -52 : 2 ** -23 } = this.options;
    const axis = this.#normalized(x.shape).map((_, i) => -1 - i);
    const y = divide(x, sqrt(add(mean(square(x), { axis, keepDims: true }), epsilon)));
    return this.weight ? multiply(y, this.weight) : y;
  }

  #normalized(x: Shape): Shape {
    return lastDimensions(this.kind, x, this.options.shape ?? this.weight?.shape);
  }
}
