import { defineKernel, normal, type Shape, type Tensor } from '@nn/tensor';

/** Makes the rows (or, if there are more of them, the columns) of w orthonormal, one after the other, twice over. */
const orthonormalize = defineKernel({
  name: 'orthonormalize',
  buffers: { w: 'update' },
  over: 'whole',
  attrs: { rows: 'number', columns: 'number', gain: 'number' },
  flops: ({ rows, columns }) => 4 * rows * columns * Math.min(rows, columns),
  reference({ w }, { rows, columns, gain }) {
    const wide = rows <= columns;
    const [count, length] = wide ? [rows, columns] : [columns, rows];
    const at = (vector: number, i: number) => (wide ? vector * columns + i : i * columns + vector);
    const q = Float64Array.from({ length: count * length }, (_, i) => w[at(Math.floor(i / length), i % length)]);
    for (let vector = 0; vector < count; vector++) {
      const v = q.subarray(vector * length, (vector + 1) * length);
      for (let pass = 0; pass < 2; pass++) {
        for (let earlier = 0; earlier < vector; earlier++) {
          let dot = 0;
          for (let i = 0; i < length; i++) dot += v[i] * q[earlier * length + i];
          for (let i = 0; i < length; i++) v[i] -= dot * q[earlier * length + i];
        }
      }
      let squares = 0;
      for (let i = 0; i < length; i++) squares += v[i] * v[i];
      const norm = Math.sqrt(squares);
      for (let i = 0; i < length; i++) {
        v[i] /= norm;
        w[at(vector, i)] = gain * v[i];
      }
    }
  },
});

/**
 * A random matrix with orthonormal rows or columns, times `gain`; dimensions after the first count as one.
 * Source: Saxe, McClelland & Ganguli 2013, arXiv:1312.6120, by modified Gram–Schmidt.
 */
export function orthogonal(shape: Shape, gain: number): Tensor {
  const w = normal(shape);
  const [rows] = shape;
  orthonormalize({ w }, { rows, columns: w.size / rows, gain });
  return w;
}
