import { cast, checkCount, oneHot, type Tensor } from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';
import { withIndices } from './with-indices.js';

export interface OneHotLayerOptions {
  /** How many classes there are: indices run from 0 to classes − 1. */
  readonly classes: number;
}

/**
 * Encodes class indices: 1 at each index, 0 elsewhere; no gradient passes. `ArgMax` decodes them. Shapes: x [batch, ...] i32
 * or u8 → y [batch, ..., classes] f32. Parity: torch.nn.functional.one_hot, in floats.
 * Errors: unknown options; indices that are floats, or outside 0…classes−1.
 */
export class OneHot extends Module<OneHotLayerOptions> {
  static override readonly kind = 'OneHot';

  constructor(options: OneHotLayerOptions) {
    super(options, ['classes']);
    checkRequired(this.kind, options, 'classes');
    checkCount(this.kind, 'classes', options.classes);
  }

  protected override declaredInputs(): readonly InputSpec[] {
    return [{ shape: [], dtype: 'i32' }];
  }

  protected forward(x: Tensor): Tensor {
    const indices = x.dtype === 'u8' ? cast(x, { dtype: 'i32' }) : x;
    return withIndices(this.kind, 'classes', () => oneHot(indices, this.options));
  }
}
