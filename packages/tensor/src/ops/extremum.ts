import { ShapeError } from '../shape.js';
import { cast } from './cast.js';
import { equal } from './compare.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { reductionOp } from './reduce.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** A reduction that picks one of its numbers, called `word` in errors; equal ones share the gradient. */
export const extremumOp = (
  name: string,
  word: string,
  reduction: { readonly kernel: string; readonly start: number; step(best: number, x: number): number },
) =>
  reductionOp({
    name,
    ...reduction,
    check(x, y) {
      if (x.includes(0) && !y.includes(0)) throw new ShapeError(`the ${word} of no numbers does not exist.`);
    },
    backward({ x, y, dy }, axis, kept) {
      const chosen = cast(equal(x, reshape(y, kept)), { dtype: x.dtype });
      return multiply(chosen, divide(reshape(dy, kept), sum(chosen, { axis, keepDims: true })));
    },
  });
