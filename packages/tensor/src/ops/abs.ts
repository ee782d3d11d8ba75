import { defineOp } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { sign } from './sign.js';

const kernel = unaryKernel('abs', Math.abs);

/** `y = |x|`, with derivative 0 at 0. Shapes: x [...] → y [...]. */
export const abs = defineOp({
  name: 'abs',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => multiply(dy, sign(x)) },
});
