import { defineKernel } from '../kernel.js';
import { defineOp } from '../op.js';
import { cast } from './cast.js';
import { greaterEqual, lessEqual } from './compare.js';
import { multiply } from './multiply.js';

export interface ClampOptions {
  /** The least value. Default −∞. */
  readonly low?: number;
  /** The greatest value. Default ∞. */
  readonly high?: number;
}

export const clampKernel = defineKernel({
  name: 'clamp',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  attrs: { low: 'number', high: 'number' },
  flops: (_, { y }) => 2 * y,
  reference({ y, x }, { low, high }) {
    for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(x[i], low), high);
  },
});

/** `y = min(max(x, low), high)`; the gradient passes where x is within the bounds. Shapes: x [...] → y [...]. */
export const clamp = defineOp({
  name: 'clamp',
  inputs: ['x'],
  attributes: ['low', 'high'],
  infer: ({ x }, _: ClampOptions) => x,
  forward: ({ x, y }, { low = -Infinity, high = Infinity }) => clampKernel({ y, x }, { low, high }),
  backward: {
    x({ x, dy }, { low = -Infinity, high = Infinity }) {
      const inside = multiply(
        cast(greaterEqual(x, low), { dtype: x.dtype }),
        cast(lessEqual(x, high), { dtype: x.dtype }),
      );
      return multiply(dy, inside);
    },
  },
});
