import { defineOp } from '../op.js';
import { binaryAttributes, binaryKernel, inferBinary } from './elementwise.js';
import { sumTo } from './sum-to.js';

const kernel = binaryKernel('add', (a, b) => a + b);

/** `y = a + b`, broadcast. Shapes: a [...], b [...] → y [...], the common shape. */
export const add = defineOp({
  name: 'add',
  inputs: ['a', 'b'],
  infer: inferBinary,
  forward: ({ a, b, y }) => kernel({ y, a, b }, binaryAttributes(y.shape, a.shape, b.shape)),
  backward: {
    a: ({ dy, shapes }) => sumTo(dy, shapes.a),
    b: ({ dy, shapes }) => sumTo(dy, shapes.b),
  },
});
