import { defineOp } from '../op.js';
import { divide } from './divide.js';
import { unaryKernel } from './elementwise.js';

const kernel = unaryKernel('log', Math.log);

/** The natural logarithm, `y = ln x`; −∞ at 0, NaN below. Shapes: x [...] → y [...]. */
export const log = defineOp({
  name: 'log',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => divide(dy, x) },
});
