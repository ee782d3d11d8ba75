import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { ShapeError, sizeOf } from '../shape.js';
import { divide } from './divide.js';
import { exp } from './exp.js';
import { max } from './max.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const kernel = defineKernel({
  name: 'softmax',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs: { rows: 'number', size: 'number' },
  flops: ({ rows, size }) => 5 * rows * size,
  reference({ y, x }, { rows, size }) {
    for (let r = 0; r < rows; r++) {
      const start = r * size;
      let largest = -Infinity;
      for (let i = 0; i < size; i++) largest = Math.max(largest, x[start + i]);
      let total = 0;
      for (let i = 0; i < size; i++) total += Math.exp(x[start + i] - largest);
      for (let i = 0; i < size; i++) y[start + i] = Math.exp(x[start + i] - largest) / total;
    }
  },
});

const gradientKernel = defineKernel({
  name: 'softmaxGradient',
  buffers: { dx: 'write', y: 'read', dy: 'read' },
  over: 'row',
  attrs: { rows: 'number', size: 'number' },
  flops: ({ rows, size }) => 4 * rows * size,
  reference({ dx, y, dy }, { rows, size }) {
    for (let r = 0; r < rows; r++) {
      const start = r * size;
      let dot = 0;
      for (let i = 0; i < size; i++) dot += y[start + i] * dy[start + i];
      for (let i = 0; i < size; i++) dx[start + i] = y[start + i] * (dy[start + i] - dot);
    }
  },
});

const softmaxGradient = defineOp({
  name: 'softmaxGradient',
  inputs: ['v', 'dy'],
  infer: ({ v }) => v,
  forward: ({ v, dy, y }) => gradientKernel({ dx: y, y: v, dy }, rowsOf(v)),
  meaning: (y, dy) => multiply(y, subtract(dy, sum(multiply(y, dy), { axis: -1, keepDims: true }))),
});

/** Rows along the last axis. Errors: a scalar has none. */
export function rowsOf({ shape }: Pick<Spec, 'shape'>): { rows: number; size: number } {
  if (shape.length === 0) throw new ShapeError('a scalar has no last axis; reshape it to [1].');
  return { rows: sizeOf(shape.slice(0, -1)), size: shape[shape.length - 1] };
}

/** `yᵢ = e^xᵢ / Σ e^xⱼ` along the last axis; finite for any finite x. Shapes: x [..., n] → y [..., n]. */
export const softmax = defineOp({
  name: 'softmax',
  inputs: ['x'],
  infer({ x }) {
    rowsOf(x);
    return x;
  },
  forward: ({ x, y }) => kernel({ y, x }, rowsOf(x)),
  backward: { x: ({ y, dy }) => softmaxGradient(y, dy) },
  meaning(x) {
    const e = exp(subtract(x, max(x, { axis: -1, keepDims: true }).detach()));
    return divide(e, sum(e, { axis: -1, keepDims: true }));
  },
});
