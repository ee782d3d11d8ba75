import { Module } from '@nn/layers';
import { linear, normal, Parameter, type Shape, type Tensor, tensor, zeros } from '@nn/tensor';

interface DenseOptions {
  readonly features: number;
}

/** y = x·wᵀ + b, with a count of no use as saved state of another type. */
export class Dense extends Module<DenseOptions> {
  static override readonly kind = 'Dense';
  weight!: Parameter;
  bias!: Parameter;
  runCount!: Tensor;

  protected override setup([, features]: Shape): void {
    this.weight = new Parameter(normal([this.options.features, features]));
    this.bias = new Parameter(zeros([this.options.features]), { decay: false });
    this.runCount = tensor([7], { dtype: 'i32' });
  }

  protected forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
