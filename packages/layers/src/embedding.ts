import { checkCount, gatherRows, Parameter, type Tensor } from '@nn/tensor';
import { checkInitializer, type Initializer, initialize } from './initializers.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';
import { withIndices } from './with-indices.js';

export interface EmbeddingOptions {
  /** How many things have a vector: indices run from 0 to entries − 1. */
  readonly entries: number;
  /** The length of a vector. */
  readonly features: number;
  /** How the vectors start. Default: normal with mean 0 and deviation 1. */
  readonly init?: Initializer;
}

/**
 * A learned vector for each index. Shapes: x [batch, ...] i32 → y [batch, ..., features]; weight [entries, features].
 * Parity: torch.nn.Embedding. Errors: unknown options; indices that are not i32, or outside 0…entries−1.
 */
export class Embedding extends Module<EmbeddingOptions> {
  static override readonly kind = 'Embedding';
  weight!: Parameter;

  constructor(options: EmbeddingOptions) {
    super(options, ['entries', 'features', 'init']);
    checkRequired(this.kind, options, 'entries', 'features');
    checkCount(this.kind, 'entries', options.entries);
    checkCount(this.kind, 'features', options.features);
    checkInitializer(this.kind, 'init', options.init);
  }

  protected override declaredInputs(): readonly InputSpec[] {
    return [{ shape: [], dtype: 'i32' }];
  }

  protected override setup(): void {
    const { entries, features, init = 'normal' } = this.options;
    this.weight = new Parameter(initialize([entries, features], init));
  }

  protected forward(x: Tensor): Tensor {
    return withIndices(this.kind, 'entries', () => gatherRows(this.weight, x));
  }
}
