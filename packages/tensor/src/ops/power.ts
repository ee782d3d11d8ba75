import { defineOp, type Op, type Spec } from '../op.js';
import { equal, greater } from './compare.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { log } from './log.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sumTo } from './sum-to.js';
import { where } from './where.js';

const kernel = binaryKernel('power', (a, b) => a ** b);

/**
 * `y = a ᵇ`, broadcast. Shapes: a [...], b [...] → y [...], the common shape.
 * Derivatives: `b·a^(b−1)` by a, 0 where b = 0; `y·ln a` by b, 0 where a ≤ 0.
 */
export const power: Op<readonly ['a', 'b'], Record<never, never>, Spec> = defineOp({
  name: 'power',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ a, b, dy, shapes }) =>
      sumTo(multiply(dy, where(equal(b, 0), 0, multiply(b, power(a, subtract(b, 1))))), shapes.a),
    b: ({ a, y, dy, shapes }) =>
      sumTo(multiply(dy, where(greater(a, 0), multiply(y, log(where(greater(a, 0), a, 1))), 0)), shapes.b),
  },
});
