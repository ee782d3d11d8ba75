import { defineOp } from '../op.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { negate } from './negate.js';
import { sumTo } from './sum-to.js';

const kernel = binaryKernel('subtract', (a, b) => a - b);

/** `y = a − b`, broadcast. Shapes: a [...], b [...] → y [...], the common shape. */
export const subtract = defineOp({
  name: 'subtract',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ dy, shapes }) => sumTo(dy, shapes.a),
    b: ({ dy, shapes }) => sumTo(negate(dy), shapes.b),
  },
});
