import { defineOp } from '../op.js';
import { divide } from './divide.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';

const kernel = unaryKernel('sqrt', Math.sqrt);

/** `y = √x`; NaN below 0. Shapes: x [...] → y [...]. */
export const sqrt = defineOp({
  name: 'sqrt',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => divide(multiply(dy, 0.5), y) },
});
