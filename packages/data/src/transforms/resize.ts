import { checkCount, checkOptions, type DType, matmul, type Tensor, tensor } from '@nn/tensor';
import { pairOf, type Size } from './size.js';
import { imageSizes, type Transform } from './transform.js';

export interface ResizeOptions {
  /** Height and width of the result. */
  readonly size: Size;
}

/**
 * Images of another size: `y = A x Bᵀ`, where A and B have a row of weights for each row and column of the result,
 * `A[i, j] ∝ max(0, 1 − |(j + ½) − (i + ½)·r| / max(r, 1))` with r = size of x / size of y, rows adding up to 1: linear
 * interpolation where images grow, and weighted means, which leave no pixel out, where they shrink.
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
