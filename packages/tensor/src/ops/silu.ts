import { defineOp } from '../op.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { sigmoid } from './sigmoid.js';

const kernel = unaryKernel('silu', (x) => x / (1 + Math.exp(-x)));

const siluGradient = gradientOp('siluGradient', 'x', (x, dy) => {
  const s = 1 / (1 + Math.exp(-x));
  return dy * s * (1 + x * (1 - s));
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
