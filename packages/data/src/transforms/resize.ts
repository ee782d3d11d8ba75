import { checkCount, checkOptions, type DType, matmul, type Tensor, tensor } from '@nn/tensor';
import { pairOf, type Size } from './size.js';
import { imageSizes, type Transform } from './transform.js';

export interface ResizeOptions {
  /** Height and width of the result. */
  readonly size: Size;
}

/**
 * Images of another size: `y = A x Bᵀ`, where row i of A [out, in] has the weights of a triangle about the centre of pixel
 * i, `w(j) ∝ max(0, 1 − |(j + ½)·s − (i + ½)| )` when enlarging, with a base as much wider as pixels become fewer, so that
 * reduced images do not flicker (s = out / in, at most 1 in the base).
 * Shapes: x [n, channels, height, width] → [n, channels, ...size]. Source: `resize` of torchvision, bilinear with antialias.
 */
export class Resize implements Transform {
  constructor(readonly options: ResizeOptions) {
    checkOptions('Resize', options, ['size']);
    for (const side of pairOf(options.size ?? Number.NaN)) checkCount('Resize', 'size', side);
  }

  apply(x: Tensor): Tensor {
    const { height, width } = imageSizes('Resize', x);
    const [rows, columns] = pairOf(this.options.size);
    const down = rows === height ? x : matmul(weights(rows, height, x.dtype), x);
    return columns === width ? down : matmul(down, weights(columns, width, x.dtype), { transposeB: true });
  }
}

/** [to, from]: what each of `from` pixels gives to each of `to`; rows add up to 1. */
function weights(to: number, from: number, dtype: DType): Tensor {
  const scale = from / to;
  const base = Math.max(scale, 1);
  const rows = Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const row = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - centre) / base));
    const total = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / total);
  });
  return tensor(rows, { dtype });
}
