import { defineOp } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';

const kernel = unaryKernel('exp', Math.exp);

/** `y = eˣ`. Shapes: x [...] → y [...]. */
export const exp = defineOp({
  name: 'exp',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => multiply(dy, y) },
});
