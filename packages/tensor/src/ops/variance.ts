import { sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { mean } from './mean.js';
import { multiply } from './multiply.js';
import { type ReduceOptions, reducedShape } from './reduce.js';
import { square } from './square.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

/**
 * The variance over some axes, or all: `Σ (x − mean)² / (n − correction)`. `correction` 0 (default) is the biased
 * variance, 1 the unbiased one. Shapes: x [...] → y, without those axes.
 */
export function variance(x: Tensor, options: ReduceOptions & { readonly correction?: number } = {}): Tensor {
  const { correction = 0, ...reduction } = options;
  const count = x.size / sizeOf(reducedShape(x.shape, reduction));
  const deviation = subtract(x, mean(x, { ...reduction, keepDims: true }));
  return multiply(sum(square(deviation), reduction), 1 / (count - correction));
}
