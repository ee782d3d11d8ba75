import { checkRange, fill, Parameter, prelu, type Shape, type Tensor } from '@nn/tensor';
import { checkFeatures } from './check-inputs.js';
import { beforeRectifier, type Initializer } from './initializers.js';
import { Module } from './module.js';

export interface PReLUOptions {
  /** True for a slope a channel (axis 1), false for one for all. Default false. */
  readonly perChannel?: boolean;
  /** The slope below 0 at the start. Default 0.25. */
  readonly slope?: number;
}

/**
 * `y = x` above 0, `w·x` below, with a slope w that is learned; weight decay spares it. Shapes: x [batch, ...], or
 * [batch, channels, ...] with `perChannel` → y as x; weight [1] or [channels].
 * Parity: torch.nn.PReLU (`num_parameters`, `init`), key `weight`. Errors: unknown options; another number of channels.
 * Source: He et al. 2015, arXiv:1502.01852, §2.1.
 */
export class PReLU extends Module<PReLUOptions> {
  static override readonly kind = 'PReLU';
  weight!: Parameter;

  constructor(options: PReLUOptions = {}) {
    super(options, ['perChannel', 'slope']);
    checkRange(this.kind, 'slope', options.slope, { from: -Infinity });
  }

  override initBefore(): Initializer {
    return beforeRectifier(this.#slope);
  }

  protected override setup(x: Shape): void {
    const { perChannel = false } = this.options;
    if (perChannel) checkFeatures(this.kind, x);
    this.weight = new Parameter(fill([perChannel ? x[1] : 1], this.#slope), { decay: false });
  }

  protected forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  get #slope(): number {
    return this.options.slope ?? 0.25;
  }
}
