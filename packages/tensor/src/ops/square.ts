import { defineOp } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';

const kernel = unaryKernel('square', (x) => x * x);

/** `y = x²`. Shapes: x [...] → y [...]. */
export const square = defineOp({
  name: 'square',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => multiply(dy, multiply(x, 2)) },
});
