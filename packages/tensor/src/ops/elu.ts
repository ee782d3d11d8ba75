import { defineOp } from '../op.js';
import { greater } from './compare.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { exp } from './exp.js';
import { minimum } from './minimum.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { where } from './where.js';

export interface EluOptions {
  /** The value approached at −∞ is `−alpha`. Default 1. */
  readonly alpha?: number;
}

const kernel = unaryKernel('elu', (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)), {
  attrs: { alpha: 'number' },
  flops: 3,
});

const eluGradient = gradientOp({
  name: 'eluGradient',
  keeps: 'x',
  attrs: { alpha: 'number' },
  flops: 4,
  f: (x, dy, { alpha }) => (x > 0 ? dy : dy * alpha * Math.exp(x)),
  meaning: (x, dy, { alpha }) => where(greater(x, 0), dy, multiply(multiply(dy, alpha), exp(minimum(x, 0)))),
});

/** Exponential linear unit: `y = x` above 0, `α·(eˣ − 1)` below. Shapes: x [...] → y [...]. Source: Clevert et al. 2015, arXiv:1511.07289, §3. */
export const elu = defineOp({
  name: 'elu',
  inputs: ['x'],
  attributes: ['alpha'],
  infer: ({ x }, _: EluOptions) => x,
  forward: ({ x, y }, { alpha = 1 }) => kernel({ y, x }, { alpha }),
  backward: { x: ({ x, dy }, { alpha = 1 }) => eluGradient(x, dy, { alpha }) },
  meaning: (x, { alpha = 1 }) => where(greater(x, 0), x, multiply(subtract(exp(minimum(x, 0)), 1), alpha)),
});
