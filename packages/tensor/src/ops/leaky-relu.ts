import { defineKernel } from '../kernel.js';
import { defineOp } from '../op.js';
import { greater } from './compare.js';
import { multiply } from './multiply.js';
import { where } from './where.js';

export interface LeakyReluOptions {
  /** The slope below 0. Default 0.01. */
  readonly slope?: number;
}

const kernel = defineKernel({
  name: 'leakyRelu',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  attrs: { slope: 'number' },
  reference({ y, x }, { slope }) {
    for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
  },
});

const gradientKernel = defineKernel({
  name: 'leakyReluGradient',
  buffers: { dx: 'write', x: 'read', dy: 'read' },
  over: 'element',
  attrs: { slope: 'number' },
  reference({ dx, x, dy }, { slope }) {
    for (let i = 0; i < dx.length; i++) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
  },
});

const leakyReluGradient = defineOp({
  name: 'leakyReluGradient',
  inputs: ['x', 'dy'],
  infer: ({ x }, _: Required<LeakyReluOptions>) => x,
  forward: ({ x, dy, y }, attrs) => gradientKernel({ dx: y, x, dy }, attrs),
});

/** `y = x` above 0, `slope·x` below. Shapes: x [...] → y [...]. Source: Maas, Hannun & Ng 2013. */
export const leakyRelu = defineOp({
  name: 'leakyRelu',
  inputs: ['x'],
  infer: ({ x }, _: LeakyReluOptions) => x,
  forward: ({ x, y }, { slope = 0.01 }) => kernel({ y, x }, { slope }),
  backward: { x: ({ x, dy }, { slope = 0.01 }) => leakyReluGradient(x, dy, { slope }) },
  meaning: (x, { slope = 0.01 }) => where(greater(x, 0), x, multiply(x, slope)),
});
