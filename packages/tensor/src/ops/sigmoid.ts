import { defineOp } from '../op.js';
import { add } from './add.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { exp } from './exp.js';
import { negate } from './negate.js';
import { reciprocal } from './reciprocal.js';

const kernel = unaryKernel('sigmoid', (x) => 1 / (1 + Math.exp(-x)));

const sigmoidGradient = gradientOp('sigmoidGradient', 'y', (y, dy) => dy * y * (1 - y));

/** Logistic sigmoid, `y = 1 / (1 + e⁻ˣ)`. Shapes: x [...] → y [...]. */
export const sigmoid = defineOp({
  name: 'sigmoid',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => sigmoidGradient(y, dy) },
  meaning: (x) => reciprocal(add(exp(negate(x)), 1)),
});
