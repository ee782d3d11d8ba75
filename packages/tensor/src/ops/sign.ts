import { defineOp } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';

const kernel = unaryKernel('sign', Math.sign);

/** −1, 0 or 1 by the sign of x; NaN of NaN. Its derivative is 0. Shapes: x [...] → y [...]. */
export const sign = defineOp({
  name: 'sign',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ dy }) => multiply(dy, 0) },
});
