import { assignKernel } from '../assign.js';
import { type DType, isFloat } from '../dtype.js';
import { defineOp, type Op, type Spec } from '../op.js';
import type { Tensor } from '../tensor.js';

const convert: Op<readonly ['x'], { readonly dtype: DType }, Spec> = defineOp({
  name: 'cast',
  inputs: ['x'],
  infer: ({ x }, { dtype }: { readonly dtype: DType }): Spec => ({ shape: x.shape, dtype }),
  forward: ({ x, y }) => assignKernel({ y, x }),
  backward: { x: ({ dy, x }) => convert(dy, { dtype: x.dtype }) },
});

/**
 * `x` in another dtype; x itself if it has that dtype. Floats become integers by dropping the fraction. Gradients pass
 * between f32 and f64 and stop at integers.
 */
export function cast(x: Tensor, { dtype }: { readonly dtype: DType }): Tensor {
  if (x.dtype === dtype) return x;
  return convert(isFloat(dtype) ? x : x.detach(), { dtype });
}
