import { defineOp } from '../op.js';
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { power } from './power.js';
import { square } from './square.js';
import { subtract } from './subtract.js';
import { tanh } from './tanh.js';

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;
const inner = (x: number) => slope * (x + cubic * x ** 3);
const innerOf = (x: Tensor) => multiply(slope, add(x, multiply(cubic, power(x, 3))));

const kernel = unaryKernel('gelu', (x) => 0.5 * x * (1 + Math.tanh(inner(x))), { flops: 9 });

const geluGradient = gradientOp({
  name: 'geluGradient',
  keeps: 'x',
  flops: 18,
  f(x, dy) {
    const t = Math.tanh(inner(x));
    return dy * 0.5 * (1 + t + x * (1 - t * t) * slope * (1 + 3 * cubic * x * x));
  },
  meaning(x, dy) {
    const t = tanh(innerOf(x));
    const innerSlope = multiply(slope, add(multiply(square(x), 3 * cubic), 1));
    const slopes = add(add(t, 1), multiply(multiply(x, subtract(1, square(t))), innerSlope));
    return multiply(multiply(dy, 0.5), slopes);
  },
});

/**
 * Gaussian error linear unit, tanh form: `y = x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))`.
 * Shapes: x [...] → y [...]. Source: Hendrycks & Gimpel 2016, arXiv:1606.08415, §2.
 */
export const gelu = defineOp({
  name: 'gelu',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => geluGradient(x, dy) },
  meaning: (x) => multiply(multiply(x, 0.5), add(1, tanh(innerOf(x)))),
});
