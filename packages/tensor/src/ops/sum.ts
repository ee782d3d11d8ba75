import { empty } from '../create.js';
import { defineOp, type Op, type Spec } from '../op.js';
import type { Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { type ReduceOptions, reducedShape, reduceKernel, reductionRuns } from './reduce.js';
import { reshape } from './reshape.js';

const kernel = reduceKernel('sum', 0, (sum, x) => sum + x);

/** The sum over some axes, or all. Shapes: x [...] → y, without those axes. */
export const sum: Op<readonly ['x'], ReduceOptions, Spec> = defineOp({
  name: 'sum',
  inputs: ['x'],
  infer: ({ x }, options: ReduceOptions): Spec => ({ shape: reducedShape(x.shape, options), dtype: x.dtype }),
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
    x: ({ dy, shapes }, { axis }) =>
      expand(reshape(dy, reducedShape(shapes.x, { axis, keepDims: true })), { shape: shapes.x }),
  },
});
