import { defineKernel } from '../kernel.js';
import { defineOp } from '../op.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { max } from './max.js';
import { multiply } from './multiply.js';
import { rowsOf } from './softmax.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const kernel = defineKernel({
  name: 'logSoftmax',
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
      const shift = largest + Math.log(total);
      for (let i = 0; i < size; i++) y[start + i] = x[start + i] - shift;
    }
  },
});

const gradientKernel = defineKernel({
  name: 'logSoftmaxGradient',
  buffers: { dx: 'write', y: 'read', dy: 'read' },
  over: 'row',
  attrs: { rows: 'number', size: 'number' },
  flops: ({ rows, size }) => 4 * rows * size,
  reference({ dx, y, dy }, { rows, size }) {
    for (let r = 0; r < rows; r++) {
      const start = r * size;
      let total = 0;
      for (let i = 0; i < size; i++) total += dy[start + i];
      for (let i = 0; i < size; i++) dx[start + i] = dy[start + i] - Math.exp(y[start + i]) * total;
    }
  },
});

const logSoftmaxGradient = defineOp({
  name: 'logSoftmaxGradient',
  inputs: ['v', 'dy'],
  infer: ({ v }) => v,
  forward: ({ v, dy, y }) => gradientKernel({ dx: y, y: v, dy }, rowsOf(v)),
  meaning: (y, dy) => subtract(dy, multiply(exp(y), sum(dy, { axis: -1, keepDims: true }))),
});

/** `yᵢ = xᵢ − ln Σ e^xⱼ` along the last axis; finite for any finite x. Shapes: x [..., n] → y [..., n]. */
export const logSoftmax = defineOp({
  name: 'logSoftmax',
  inputs: ['x'],
  infer({ x }) {
    rowsOf(x);
    return x;
  },
  forward: ({ x, y }) => kernel({ y, x }, rowsOf(x)),
  backward: { x: ({ y, dy }) => logSoftmaxGradient(y, dy) },
  meaning(x) {
    const shifted = subtract(x, max(x, { axis: -1, keepDims: true }).detach());
    return subtract(shifted, log(sum(exp(shifted), { axis: -1, keepDims: true })));
  },
});
