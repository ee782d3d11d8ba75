import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { broadcastShapes, type Shape, ShapeError, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { sumTo } from './sum-to.js';

const kernel = defineKernel({
  name: 'matmul',
  buffers: { y: 'write', a: 'read', b: 'read' },
  over: 'row',
  attrs: {
    batch: 'number',
    m: 'number',
    k: 'number',
    n: 'number',
    transposeA: 'number',
    transposeB: 'number',
    aBatchStride: 'number',
    bBatchStride: 'number',
  },
  product: true,
  flops: ({ batch, m, k, n }) => 2 * batch * m * k * n,
  reference({ y, a, b }, { batch, m, k, n, transposeA, transposeB, aBatchStride, bBatchStride }) {
    const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
    const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
    for (let p = 0; p < batch; p++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          let ai = p * aBatchStride + i * aRow;
          let bi = p * bBatchStride + j * bColumn;
          for (let l = 0; l < k; l++, ai += aColumn, bi += bRow) sum += a[ai] * b[bi];
          y[(p * m + i) * n + j] = sum;
        }
      }
    }
  },
});

export interface MatmulOptions {
  /** True to read a as its transpose: stored [..., k, m]. Default false. */
  readonly transposeA?: boolean;
  /** True to read b as its transpose: stored [..., n, k]. Default false. */
  readonly transposeB?: boolean;
}

function sizes(a: Shape, b: Shape, { transposeA, transposeB }: MatmulOptions) {
  if (a.length < 2 || b.length < 2) throw new ShapeError('both operands need two dimensions or more; reshape them.');
  const [m, k] = transposeA ? [a[a.length - 1], a[a.length - 2]] : [a[a.length - 2], a[a.length - 1]];
  const [inner, n] = transposeB ? [b[b.length - 1], b[b.length - 2]] : [b[b.length - 2], b[b.length - 1]];
  if (k !== inner) throw new ShapeError(`inner sizes ${k} and ${inner} differ; transpose an operand or mend its size.`);
  return { m, k, n, batch: broadcastShapes(a.slice(0, -2), b.slice(0, -2)) };
}

/** The operand with its leading dimensions equal to `batch`, or single. */
function batched(x: Tensor, batch: Shape): { x: Tensor; stride: number } {
  const [rows, columns] = x.shape.slice(-2);
  if (sizeOf(x.shape.slice(0, -2)) === 1) return { x, stride: 0 };
  return { x: expand(x, { shape: [...batch, rows, columns] }), stride: rows * columns };
}

/**
 * Matrix product over the last two axes; leading axes broadcast. Shapes: a [..., m, k], b [..., k, n] → y [..., m, n].
 * Errors: inner sizes that differ; fewer than two dimensions.
 */
export const matmul: Op<readonly ['a', 'b'], MatmulOptions, Spec> = defineOp({
  name: 'matmul',
  inputs: ['a', 'b'],
  attributes: ['transposeA', 'transposeB'],
  infer({ a, b }, options: MatmulOptions): Spec {
    if (a.dtype !== b.dtype) throw new ShapeError(`dtypes ${a.dtype} and ${b.dtype} differ; convert one with cast.`);
    const { m, n, batch } = sizes(a.shape, b.shape, options);
    return { shape: [...batch, m, n], dtype: a.dtype };
  },
  forward({ a, b, y }, options) {
    const { m, k, n, batch } = sizes(a.shape, b.shape, options);
    const [left, right] = [batched(a, batch), batched(b, batch)];
    const { transposeA = false, transposeB = false } = options;
    kernel(
      { y, a: left.x, b: right.x },
      {
        batch: sizeOf(batch),
        m,
        k,
        n,
        transposeA: Number(transposeA),
        transposeB: Number(transposeB),
        aBatchStride: left.stride,
        bBatchStride: right.stride,
      },
    );
  },
  backward: {
    a({ b, dy, shapes }, { transposeA, transposeB }) {
      const gradient = transposeA
        ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b, { transposeB: !transposeB });
      return sumTo(gradient, shapes.a);
    },
    b({ a, dy, shapes }, { transposeA, transposeB }) {
      const gradient = transposeB
        ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dy, { transposeA: !transposeA });
      return sumTo(gradient, shapes.b);
    },
  },
});
