import { add, checkCount, checkRange, multiply, ones, Parameter, type Shape, type Tensor, zeros } from '@nn/tensor';
import { lastDimensions } from './last-dimensions.js';
import { Module } from './module.js';
import { standardize } from './standardize.js';

export interface LayerNormOptions {
  /** Sizes of the last dimensions, which are normalised together. Default: the last one alone. */
  readonly shape?: number | Shape;
  /** Added to the variance before the root is taken. Default 1e-5. */
  readonly epsilon?: number;
  /** False for no learned scale and shift. Default true. */
  readonly affine?: boolean;
  /** False for a learned scale without a shift. Default true. */
  readonly bias?: boolean;
}

/**
 * Layer normalisation: every sample's last dimensions get mean 0 and (biased) variance 1, then
 * `y = (x − mean) / √(variance + ε) · weight + bias`. Shapes: x [batch, ..., ...shape] → y as x; weight and bias [...shape];
 * weight decay spares both. Parity: torch.nn.LayerNorm. Errors: unknown options; other last dimensions.
 * Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450, §3.
 */
export class LayerNorm extends Module<LayerNormOptions> {
  static override readonly kind = 'LayerNorm';
  weight?: Parameter;
  bias?: Parameter;

  constructor(options: LayerNormOptions = {}) {
    super(options, ['shape', 'epsilon', 'affine', 'bias']);
    for (const size of [options.shape ?? []].flat()) checkCount(this.kind, 'shape', size);
    checkRange(this.kind, 'epsilon', options.epsilon);
  }

  protected override setup(x: Shape): void {
    const shape = this.#normalized(x);
    const { affine = true, bias = true } = this.options;
    if (affine) this.weight = new Parameter(ones(shape), { decay: false });
    if (affine && bias) this.bias = new Parameter(zeros(shape), { decay: false });
  }

  protected forward(x: Tensor): Tensor {
    const startAxis = x.shape.length - this.#normalized(x.shape).length;
    const y = standardize(x, startAxis, this.options.epsilon ?? 1e-5);
    const scaled = this.weight ? multiply(y, this.weight) : y;
    return this.bias ? add(scaled, this.bias) : scaled;
  }

  #normalized(x: Shape): Shape {
    return lastDimensions(this.kind, x, this.options.shape ?? this.weight?.shape);
  }
}
