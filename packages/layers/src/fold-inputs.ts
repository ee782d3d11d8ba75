import { inLayer, type Op, type Spec, type Tensor } from '@nn/tensor';
import { InputCountError } from './errors.js';

type BinaryOp = Op<readonly ['a', 'b'], Record<never, never>, Spec>;

/** x₁ ∘ x₂ ∘ x₃ …, from the left. Errors: no input at all. */
export function foldInputs(kind: string, x: readonly Tensor[], op: BinaryOp): Tensor {
  if (x.length === 0) throw new InputCountError(`${kind}${inLayer()} takes one input or more, and was given none.`);
  return x.reduce((total, next) => op(total, next));
}
