import { expect, test } from 'vitest';
import { expectKernel, expectLengthsChecked, spoiled, unaligned } from './compare.js';
import { addon, launch, noise } from './native.js';

interface Product {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly aStride: number;
  readonly bStride: number;
}

const attributesOf = (p: Product) => [p.batch, p.m, p.k, p.n, +p.transposeA, +p.transposeB, p.aStride, p.bStride];

/** y[batch, m, n] = op(a) · op(b), in double precision. */
function matmul({ batch, m, k, n, ...p }: Product, a: Float32Array, b: Float32Array): Float64Array {
  return Float64Array.from({ length: batch * m * n }, (_, index) => {
    const [t, i, j] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n];
    let sum = 0;
    for (let q = 0; q < k; q++)
      sum +=
        a[t * p.aStride + (p.transposeA ? q * m + i : i * k + q)] *
        b[t * p.bStride + (p.transposeB ? j * k + q : q * n + j)];
    return sum;
  });
}

function checkMatmul(m: number, k: number, n: number, flags = 0, batch = 1, spoil = false): void {
  const [transposeA, transposeB] = [(flags & 1) > 0, (flags & 2) > 0];
  const [aStride, bStride] = [flags & 4 ? 0 : m * k, flags & 8 ? 0 : k * n];
  const make = (length: number, seed: number) =>
    unaligned((spoil ? spoiled : (x: Float32Array) => x)(noise(length, seed)));
  const a = make((batch - 1) * aStride + m * k, 1);
  const b = make((batch - 1) * bStride + k * n, 2);
  const p = { batch, m, k, n, transposeA, transposeB, aStride, bStride };
  expectKernel('matmul', [a, b], attributesOf(p), matmul(p, a, b), k);
}

const activations = [
  (x: number) => x,
  (x: number) => (x < 0 ? 0 : x),
  Math.tanh,
  (x: number) => 1 / (1 + Math.exp(-x)),
];

function checkLinear(rows: number, inFeatures: number, outFeatures: number, activation: number): void {
  const [x, w, b] = [rows * inFeatures, outFeatures * inFeatures, outFeatures].map((n, i) =>
    unaligned(noise(n, i + 3)),
  );
  const product = { batch: 1, m: rows, k: inFeatures, n: outFeatures, aStride: 0, bStride: 0 };
  const expected = matmul({ ...product, transposeA: false, transposeB: true }, x, w);
  const y = expected.map((value, i) => activations[activation](value + b[i % outFeatures]));
  expectKernel('linear', [x, w, b], [rows, inFeatures, outFeatures, activation], y, inFeatures);
}

if (addon) {
  test('matmul of sizes around its tiles, in every orientation', () => {
    let flags = 0;
    for (const m of [0, 1, 2, 5, 6, 7, 13, 14, 15, 16, 33])
      for (const n of [0, 1, 3, 8, 15, 16, 17, 31, 33, 40])
        for (const k of [0, 1, 7, 8, 65]) checkMatmul(m, k, n, flags++ % 4);
  });

  test.each([0, 1, 2, 3])('matmul larger than every block, orientation %i', (flags) => {
    checkMatmul(101, 1031, 277, flags);
    checkMatmul(19, 2500, 23, flags);
    checkMatmul(3, 300, 130, flags);
    checkMatmul(130, 300, 2, flags);
  });

  test('matmul in batches, with operands that every product shares', () => {
    for (let flags = 0; flags < 16; flags++) checkMatmul(9, 20, 18, flags, 5);
    checkMatmul(70, 64, 70, 10, 12);
  });

  test('matmul of infinities and NaN', () => {
    for (let flags = 0; flags < 4; flags++) {
      checkMatmul(7, 9, 20, flags, 1, true);
      checkMatmul(2, 40, 9, flags, 1, true);
    }
  });

  test('linear of every activation', () => {
    for (let activation = 0; activation < 4; activation++) {
      for (const rows of [0, 1, 4, 8, 9, 32]) for (const out of [1, 10, 16, 50]) checkLinear(rows, 37, out, activation);
      checkLinear(128, 784, 30, activation);
      checkLinear(20, 3000, 10, activation);
    }
  });

  test('sizes that the buffers do not have are refused', () => {
    const x = new Float32Array(6);
    expectLengthsChecked('matmul', [new Float32Array(4), x, x], [1, 2, 3, 2, 0, 0, 6, 6]);
    expectLengthsChecked('linear', [new Float32Array(4), x, x, new Float32Array(2)], [2, 3, 2, 0]);
    expect(() => launch('matmul', [new Float32Array(4), x, x], [2, 1, 3, 2, 0, 0, 9e15, 0])).toThrow('matmul: a has 6');
    expect(() => launch('linear', [x, x, x, x], [1, 1, 6, 4])).toThrow('activation 4 is outside 0…3');
  });
} else {
  test('there is no library to test here', () => expect(addon).toBeUndefined());
}
