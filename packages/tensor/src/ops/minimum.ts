import { defineOp } from '../op.js';
import { equal, less } from './compare.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { multiply } from './multiply.js';
import { sumTo } from './sum-to.js';
import { where } from './where.js';

const kernel = binaryKernel('minimum', (a, b) => Math.min(a, b));

/**
 * The smaller of two, broadcast; NaN if either is. Shapes: a [...], b [...] → y [...], the common shape.
 * The gradient goes to the smaller operand; equal ones share it by halves.
 */
export const minimum = defineOp({
  name: 'minimum',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ a, b, dy, shapes }) => sumTo(where(less(a, b), dy, where(equal(a, b), multiply(dy, 0.5), 0)), shapes.a),
    b: ({ a, b, dy, shapes }) => sumTo(where(less(b, a), dy, where(equal(a, b), multiply(dy, 0.5), 0)), shapes.b),
  },
});
