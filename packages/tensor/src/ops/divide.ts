import { defineOp, type Op, type Spec } from '../op.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { sumTo } from './sum-to.js';

const kernel = binaryKernel('divide', (a, b) => a / b);

/** `y = a / b`, broadcast. Shapes: a [...], b [...] → y [...], the common shape. */
export const divide: Op<readonly ['a', 'b'], Record<never, never>, Spec> = defineOp({
  name: 'divide',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ b, dy, shapes }) => sumTo(divide(dy, b), shapes.a),
    b: ({ b, y, dy, shapes }) => sumTo(negate(divide(multiply(dy, y), b)), shapes.b),
  },
});
