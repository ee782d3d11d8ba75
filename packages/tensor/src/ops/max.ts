import { empty } from '../create.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { ShapeError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { equal } from './compare.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { type ReduceOptions, reducedShape, reduceKernel, reductionRuns } from './reduce.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

const kernel = reduceKernel('maximumOf', -Infinity, (best, x) => Math.max(best, x));

/**
 * The largest over some axes, or all; NaN if any is. Shapes: x [...] → y, without those axes. Equal ones share the gradient.
 * Errors: reducing nothing.
 */
export const max: Op<readonly ['x'], ReduceOptions, Spec> = defineOp({
  name: 'max',
  inputs: ['x'],
  infer({ x }, options: ReduceOptions): Spec {
    const shape = reducedShape(x.shape, options);
    if (x.shape.includes(0) && !shape.includes(0)) throw new ShapeError('the largest of no numbers does not exist.');
    return { shape, dtype: x.dtype };
  },
  forward({ x, y }, { axis }) {
    const runs = reductionRuns(x.shape, axis);
    if (runs.length === 0) runs.push({ outer: x.size, size: 1, inner: 1 });
    let part: Tensor = x;
    runs.forEach((run, i) => {
      const result = i === runs.length - 1 ? y : empty([run.outer, run.inner], x.dtype);
      kernel({ y: result, x: part }, { ...run });
      part = result;
    });
  },
  backward: {
    x({ x, y, dy }, { axis }) {
      const kept = reducedShape(x.shape, { axis, keepDims: true });
      const chosen = cast(equal(x, reshape(y, kept)), { dtype: x.dtype });
      return multiply(chosen, divide(reshape(dy, kept), sum(chosen, { axis, keepDims: true })));
    },
  },
});
