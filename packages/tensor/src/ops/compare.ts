import { defineOp, type Spec } from '../op.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';

const comparison = (name: string, holds: (a: number, b: number) => boolean) => {
  const kernel = binaryKernel(name, (a, b) => (holds(a, b) ? 1 : 0));
  return defineOp({
    name,
    inputs: ['a', 'b'],
    infer: (operands): Spec => ({ shape: inferBinary(operands).shape, dtype: 'u8' }),
    forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  });
};

/** 1 where `a = b`, else 0; broadcast. Shapes: a [...], b [...] → y [...] u8. No gradient, like all comparisons. */
export const equal = comparison('equal', (a, b) => a === b);
/** 1 where `a ≠ b`, else 0; broadcast. */
export const notEqual = comparison('notEqual', (a, b) => a !== b);
/** 1 where `a > b`, else 0; broadcast. */
export const greater = comparison('greater', (a, b) => a > b);
/** 1 where `a ≥ b`, else 0; broadcast. */
export const greaterEqual = comparison('greaterEqual', (a, b) => a >= b);
/** 1 where `a < b`, else 0; broadcast. */
export const less = comparison('less', (a, b) => a < b);
/** 1 where `a ≤ b`, else 0; broadcast. */
export const lessEqual = comparison('lessEqual', (a, b) => a <= b);
