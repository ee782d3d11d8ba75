import { defineOp } from '../op.js';
import { greater } from './compare.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { where } from './where.js';

export interface LeakyReluOptions {
  /** The slope below 0. Default 0.01. */
  readonly slope?: number;
}

const kernel = unaryKernel('leakyRelu', (x, { slope }) => (x > 0 ? x : slope * x), {
  attrs: { slope: 'number' },
  flops: 2,
});

const leakyReluGradient = gradientOp({
  name: 'leakyReluGradient',
  keeps: 'x',
  attrs: { slope: 'number' },
  flops: 2,
  f: (x, dy, { slope }) => (x > 0 ? dy : slope * dy),
  meaning: (x, dy, { slope }) => where(greater(x, 0), dy, multiply(dy, slope)),
});

/** `y = x` above 0, `slope·x` below. Shapes: x [...] → y [...]. Source: Maas, Hannun & Ng 2013. */
export const leakyRelu = defineOp({
  name: 'leakyRelu',
  inputs: ['x'],
  attributes: ['slope'],
  infer: ({ x }, _: LeakyReluOptions) => x,
  forward: ({ x, y }, { slope = 0.01 }) => kernel({ y, x }, { slope }),
  backward: { x: ({ x, dy }, { slope = 0.01 }) => leakyReluGradient(x, dy, { slope }) },
  meaning: (x, { slope = 0.01 }) => where(greater(x, 0), x, multiply(x, slope)),
});
