import { defineOp } from '../op.js';
import { greater } from './compare.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { where } from './where.js';

const kernel = unaryKernel('relu', (x) => Math.max(x, 0));

const reluGradient = gradientOp({
  name: 'reluGradient',
  keeps: 'y',
  flops: 1,
  f: (y, dy) => (y > 0 ? dy : 0),
  meaning: (y, dy) => where(greater(y, 0), dy, 0),
});

/** Rectified linear unit, `y = max(x, 0)`, with derivative 0 at 0; NaN of NaN. Shapes: x [...] → y [...]. Source: Nair & Hinton 2010. */
export const relu = defineOp({
  name: 'relu',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ y, dy }) => reluGradient(y, dy) },
  meaning: (x) => where(greater(x, 0), x, 0),
});
