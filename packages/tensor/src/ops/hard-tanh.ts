import { defineOp } from '../op.js';
import { cast } from './cast.js';
import { clampKernel } from './clamp.js';
import { greater, less } from './compare.js';
import { multiply } from './multiply.js';

export interface HardTanhOptions {
  /** The least value. Default −1. */
  readonly low?: number;
  /** The greatest value. Default 1. */
  readonly high?: number;
}

/**
 * `y = min(max(x, low), high)`, with derivative 1 strictly between the bounds and 0 on them, where `clamp` has 1.
 * Shapes: x [...] → y [...]. Parity: torch.nn.functional.hardtanh. Source: Collobert 2004, "Large scale machine learning", §6.
 */
export const hardTanh = defineOp({
  name: 'hardTanh',
  inputs: ['x'],
  attributes: ['low', 'high'],
  infer: ({ x }, _: HardTanhOptions) => x,
  forward: ({ x, y }, { low = -1, high = 1 }) => clampKernel({ y, x }, { low, high }),
  backward: {
    x({ y, dy }, { low = -1, high = 1 }) {
      const [above, below] = [greater(y, low), less(y, high)].map((mask) => cast(mask, { dtype: y.dtype }));
      return multiply(dy, multiply(above, below));
    },
  },
});
