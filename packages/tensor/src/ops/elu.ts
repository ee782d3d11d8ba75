import { defineKernel } from '../kernel.js';
import { defineOp } from '../op.js';
import { greater } from './compare.js';
import { exp } from './exp.js';
import { minimum } from './minimum.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { where } from './where.js';

export interface EluOptions {
  /** The value approached at −∞ is `−alpha`. Default 1. */
  readonly alpha?: number;
}

const kernel = defineKernel({
  name: 'elu',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  attrs: { alpha: 'number' },
  reference({ y, x }, { alpha }) {
    for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? x[i] : alpha * Math.expm1(x[i]);
  },
});

const gradientKernel = defineKernel({
  name: 'eluGradient',
  buffers: { dx: 'write', x: 'read', dy: 'read' },
  over: 'element',
  attrs: { alpha: 'number' },
  reference({ dx, x, dy }, { alpha }) {
    for (let i = 0; i < dx.length; i++) dx[i] = x[i] > 0 ? dy[i] : dy[i] * alpha * Math.exp(x[i]);
  },
});

const eluGradient = defineOp({
  name: 'eluGradient',
  inputs: ['x', 'dy'],
  infer: ({ x }, _: Required<EluOptions>) => x,
  forward: ({ x, dy, y }, attrs) => gradientKernel({ dx: y, x, dy }, attrs),
});

/** Exponential linear unit: `y = x` above 0, `α·(eˣ − 1)` below. Shapes: x [...] → y [...]. Source: Clevert et al. 2015, arXiv:1511.07289, §3. */
export const elu = defineOp({
  name: 'elu',
  inputs: ['x'],
  infer: ({ x }, _: EluOptions) => x,
  forward: ({ x, y }, { alpha = 1 }) => kernel({ y, x }, { alpha }),
  backward: { x: ({ x, dy }, { alpha = 1 }) => eluGradient(x, dy, { alpha }) },
  meaning: (x, { alpha = 1 }) => where(greater(x, 0), x, multiply(subtract(exp(minimum(x, 0)), 1), alpha)),
});
