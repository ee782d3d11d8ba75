import { defineOp } from '../op.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { gradientOp, unaryKernel } from './elementwise.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { relu } from './relu.js';
import { sigmoid } from './sigmoid.js';

const kernel = unaryKernel('softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), {
  flops: 6,
});

const softplusGradient = gradientOp({
  name: 'softplusGradient',
  keeps: 'x',
  flops: 4,
  f: (x, dy) => dy / (1 + Math.exp(-x)),
  meaning: (x, dy) => multiply(dy, sigmoid(x)),
});

/** `y = ln(1 + eˣ)`, finite for any finite x. Shapes: x [...] → y [...]. */
export const softplus = defineOp({
  name: 'softplus',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => kernel({ y, x }),
  backward: { x: ({ x, dy }) => softplusGradient(x, dy) },
  meaning: (x) => add(relu(x), log(add(exp(negate(abs(x))), 1))),
});
