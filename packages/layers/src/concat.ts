import { concat, formatShape, inLayer, ShapeError, type Tensor } from '@nn/tensor';
import { Module } from './module.js';

export interface ConcatOptions {
  /** The axis along which inputs follow one another; the batch is axis 0. Default 1, the channels or features. */
  readonly axis?: number;
}

/**
 * Joins any number of inputs along an axis, in the order of the wires. Shapes: x₁ [batch, a, ...], x₂ [batch, b, ...], … →
 * y [batch, a + b + …, ...]. Parity: torch.cat. Errors: unknown options; other sizes that differ.
 */
export class Concat extends Module<ConcatOptions, Tensor[]> {
  static override readonly kind = 'Concat';

  constructor(options: ConcatOptions = {}) {
    super(options, ['axis']);
  }

  protected forward(...x: Tensor[]): Tensor {
    return joined(this.kind, x, this.options);
  }
}

/** Inputs of the layer `kind`, joined along an axis. Errors: other sizes that differ, with all shapes. */
export function joined(kind: string, x: readonly Tensor[], { axis = 1 }: ConcatOptions): Tensor {
  try {
    return concat(x, { axis });
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const shapes = x.map(({ shape }) => formatShape(shape)).join(', ');
    throw new ShapeError(`${kind}${inLayer()} of ${shapes} along axis ${axis}: ${error.message}`);
  }
}
