import { add, divide, mean, sqrt, square, subtract, type Tensor } from '@nn/tensor';

/** `(x − mean) / √(variance + ε)`, with mean and biased variance along axes. Shapes: x [...] → y as x. */
export function standardize(x: Tensor, axis: readonly number[], epsilon: number): Tensor {
  const centered = subtract(x, mean(x, { axis, keepDims: true }));
  const variance = mean(square(centered), { axis, keepDims: true });
  return divide(centered, sqrt(add(variance, epsilon)));
}
