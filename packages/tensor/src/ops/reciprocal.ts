import { defineOp } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { square } from './square.js';

const kernel = unaryKernel('reciprocal', (x) => 1 / x);

/** `y = 1 / x`. Shapes: x [...] → y [...]. */
export const reciprocal = defineOp({
  name: 'reciprocal',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => negate(multiply(dy, square(y))) },
});
