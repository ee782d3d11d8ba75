import { checkOptions } from '../options.js';
import { sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { multiply } from './multiply.js';
import { type ReduceOptions, reducedShape } from './reduce.js';
import { sum } from './sum.js';

/** The mean over some axes, or all; NaN of nothing. Shapes: x [...] → y, without those axes. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('mean', options, ['axis', 'keepDims']);
  const count = x.size / sizeOf(reducedShape(x.shape, options));
  return multiply(sum(x, options), 1 / count);
}
