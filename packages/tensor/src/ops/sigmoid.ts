import { defineOp } from '../op.js';
import { add } from './add.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { reciprocal } from './reciprocal.js';
import { subtract } from './subtract.js';

const kernel = unaryKernel('sigmoid', (x) => 1 / (1 + Math.exp(-x)), { flops: 4 });

const sigmoidGradient = gradientOp({
  name: 'sigmoidGradient',
  keeps: 'y',
  flops: 3,
  f: (y, dy) => dy * y * (1 - y),
  meaning: (y, dy) => multiply(multiply(dy, y), subtract(1, y)),
});

/** Logistic sigmoid, `y = 1 / (1 + e⁻ˣ)`. Shapes: x [...] → y [...]. */
export const sigmoid = defineOp({
  name: 'sigmoid',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => sigmoidGradient(y, dy) },
  meaning: (x) => reciprocal(add(exp(negate(x)), 1)),
});
