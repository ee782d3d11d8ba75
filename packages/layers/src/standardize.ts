import { batchNorm, ones, reshape, sizeOf, type Tensor, zeros } from '@nn/tensor';

/**
 * `(x − mean) / √(variance + ε)`, with mean and biased variance over the dimensions from `startAxis` on together: batch
 * normalisation of one sample, whose channels are what is normalised by itself. Shapes: x [...] → y as x.
 */
export function standardize(x: Tensor, startAxis: number, epsilon: number): Tensor {
  const [rows, size] = [sizeOf(x.shape.slice(0, startAxis)), sizeOf(x.shape.slice(startAxis))];
  const { dtype } = x;
  const [y] = batchNorm(reshape(x, [1, rows, size]), ones([rows], { dtype }), zeros([rows], { dtype }), { epsilon });
  return reshape(y, x.shape);
}
