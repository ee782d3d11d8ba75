import { multiply, ShapeError, sum, type Tensor, tensor } from '@nn/tensor';

/**
 * Grey of colours: `0.299 r + 0.587 g + 0.114 b`; one channel is grey already. Shapes: x [n, 1 or 3, height, width] →
 * [n, 1, height, width]. Errors: another number of channels. Source: ITU-R BT.601, §2.5.1.
 */
export function luminance(x: Tensor): Tensor {
  if (x.shape[1] === 1) return x;
  if (x.shape[1] !== 3) throw new ShapeError(`Grey is made of 3 channels, and x has ${x.shape[1]}; take 1 or 3.`);
  const weights = tensor([0.299, 0.587, 0.114], { dtype: x.dtype, shape: [3, 1, 1] });
  return sum(multiply(x, weights), { axis: 1, keepDims: true });
}
