import { defineOp, type Op, type Spec } from '../op.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { sumTo } from './sum-to.js';

const kernel = binaryKernel('multiply', (a, b) => a * b);

/** `y = a · b`, broadcast. Shapes: a [...], b [...] → y [...], the common shape. */
export const multiply: Op<readonly ['a', 'b'], Record<never, never>, Spec> = defineOp({
  name: 'multiply',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ b, dy, shapes }) => sumTo(multiply(dy, b), shapes.a),
    b: ({ a, dy, shapes }) => sumTo(multiply(dy, a), shapes.b),
  },
});
