import { defineOp } from '../op.js';
import { add } from './add.js';
import { divide } from './divide.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';
import { square } from './square.js';
import { subtract } from './subtract.js';

const kernel = unaryKernel('tanh', Math.tanh);

const tanhGradient = gradientOp({
  name: 'tanhGradient',
  keeps: 'y',
  flops: 3,
  f: (y, dy) => dy * (1 - y * y),
  meaning: (y, dy) => multiply(dy, subtract(1, square(y))),
});

/** Hyperbolic tangent. Shapes: x [...] → y [...]. */
export const tanh = defineOp({
  name: 'tanh',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => tanhGradient(y, dy) },
  meaning: (x) => subtract(1, divide(2, add(exp(multiply(x, 2)), 1))),
});
