import { defineOp } from '../op.js';
import { add } from './add.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { sigmoid } from './sigmoid.js';
import { subtract } from './subtract.js';

const kernel = unaryKernel('silu', (x) => x / (1 + Math.exp(-x)), { flops: 4 });

const siluGradient = gradientOp({
  name: 'siluGradient',
  keeps: 'x',
  flops: 9,
  f(x, dy) {
    const s = 1 / (1 + Math.exp(-x));
    return dy * s * (1 + x * (1 - s));
  },
  meaning(x, dy) {
    const s = sigmoid(x);
    return multiply(multiply(dy, s), add(multiply(x, subtract(1, s)), 1));
  },
});

/** Sigmoid linear unit (swish), `y = x·σ(x)`. Shapes: x [...] → y [...]. Source: Hendrycks & Gimpel 2016, arXiv:1606.08415, §2. */
export const silu = defineOp({
  name: 'silu',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => siluGradient(x, dy) },
  meaning: (x) => multiply(x, sigmoid(x)),
});
