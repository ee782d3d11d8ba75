import { defineOp, type Op, type Spec } from '../op.js';
import { unaryKernel } from './elementwise.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { sin } from './sin.js';

const kernel = unaryKernel('cos', Math.cos);

/** `y = cos x`, x in radians. Shapes: x [...] → y [...]. */
export const cos: Op<readonly ['x'], Record<never, never>, Spec> = defineOp({
  name: 'cos',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => negate(multiply(dy, sin(x))) },
});
