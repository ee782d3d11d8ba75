import { checkCount, linear, matmul, type Parameter, type Shape, type Tensor } from '@nn/tensor';
import { checkFeatures } from './check-inputs.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';
import { checkWeightOptions, makeWeights, type WeightOptions, weightOptions } from './weights.js';

export interface LinearOptions extends WeightOptions {
  readonly outFeatures: number;
  /** Default: the size of the input's last dimension. */
  readonly inFeatures?: number;
}

/**
 * A fully connected layer, `y = x·wᵀ + b`. Shapes: x [batch, ..., in] → y [batch, ..., out]; weight [out, in], bias [out].
 * Weight and bias start evenly from ±1/√in. Parity: torch.nn.Linear, keys `weight` and `bias`.
 * Errors: unknown options; an input of another size.
 */
export class Linear extends Module<LinearOptions> {
  static override readonly kind = 'Linear';
  weight!: Parameter;
  bias?: Parameter;

  constructor(options: LinearOptions) {
    super(options, ['outFeatures', 'inFeatures', ...weightOptions]);
    checkRequired(this.kind, options, 'outFeatures');
    checkCount(this.kind, 'outFeatures', options.outFeatures);
    checkCount(this.kind, 'inFeatures', options.inFeatures);
    checkWeightOptions(this.kind, options);
  }

  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { inFeatures } = this.options;
    return inFeatures === undefined ? undefined : [[inFeatures]];
  }

  protected override setup(x: Shape): void {
    checkFeatures(this.kind, x);
    const { outFeatures, inFeatures = x[x.length - 1] } = this.options;
    Object.assign(this, makeWeights([outFeatures, inFeatures], this.options));
  }

  protected forward(x: Tensor): Tensor {
    if (this.bias) return linear(x, this.weight, this.bias);
    checkFeatures(this.kind, x.shape);
    return matmul(x, this.weight, { transposeB: true });
  }
}
