import { defineOp, type Op, type Spec } from '../op.js';
import { unaryKernel } from './elementwise.js';

const kernel = unaryKernel('negate', (x) => -x);

/** `y = −x`. Shapes: x [...] → y [...]. */
export const negate: Op<readonly ['x'], Record<never, never>, Spec> = defineOp({
  name: 'negate',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ dy }) => negate(dy) },
});
