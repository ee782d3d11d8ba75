import { defineOp, type Op, type Spec } from '../op.js';
import { cos } from './cos.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';

const kernel = unaryKernel('sin', Math.sin);

/** `y = sin x`, x in radians. Shapes: x [...] → y [...]. */
export const sin: Op<readonly ['x'], Record<never, never>, Spec> = defineOp({
  name: 'sin',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => multiply(dy, cos(x)) },
});
