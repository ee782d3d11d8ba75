import { afterEach, describe, expect, test } from 'vitest';
import { batchNormRows, optimizerRows, randomRows, softmaxRows } from './kernel-rows.js';
import { moveRows, rowKernelRows } from './move-rows.js';
import { addon, launch, native, noise } from './native.js';
import { binaryRows, elementRows, type Row, reductionRows } from './rows.js';

/** Enough for a second thread to be worth while. */
const large = 20_000;

/** Runs every large row on fresh copies of its buffers and returns all bits. */
function bitsOf(rows: readonly Row[]): Buffer {
  const chunks = rows.flatMap(({ kernel, buffers, attributes }) => {
    const copies = buffers.map((buffer) => buffer.slice());
    launch(kernel, copies, attributes);
    return copies.map(({ buffer }) => Buffer.from(buffer));
  });
  return Buffer.concat(chunks);
}

if (addon) {
  const initial = native().setThreads();
  afterEach(() => {
    native().setThreads(initial);
  });

  describe.each([
    ['elementwise', elementRows],
    ['binary', binaryRows],
    ['reduction', reductionRows],
    ['softmax', softmaxRows],
    ['batch norm', batchNormRows],
    ['random', randomRows],
    ['optimizer', optimizerRows],
    ['moving', moveRows],
    ['gathering', rowKernelRows],
  ])('%s kernels', (_, rowsOf) => {
    test('have the same bits on any number of threads', () => {
      const rows = rowsOf().filter(({ buffers }) => buffers.some(({ length }) => length >= large));
      expect(rows.length).toBeGreaterThan(0);
      native().setThreads(1);
      const expected = bitsOf(rows);
      for (const count of [2, 3, 5, 8]) {
        expect(native().setThreads(count)).toBe(count);
        expect(bitsOf(rows).equals(expected), `${count} threads`).toBe(true);
      }
    });
  });

  test('hundreds of regions in a row, on threads that come and go', () => {
    const x = noise(200_000);
    const expected = x.map((value) => Math.min(Math.max(value, -0.5), 0.25));
    for (let round = 0; round < 800; round++) {
      if (round % 50 === 0) native().setThreads(1 + ((round / 50) % 9));
      const y = new Float32Array(x.length).fill(Number.NaN);
      launch('clamp', [y, x], [-0.5, 0.25]);
      if (round % 50 === 0) expect(Buffer.from(y.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
      const [first, last] = [y[0], y[y.length - 1]];
      expect([first, last]).toEqual([expected[0], expected[expected.length - 1]]);
    }
  });

  test('parked threads take up work again', async () => {
    native().setThreads(4);
    const x = noise(300_000);
    for (let round = 0; round < 20; round++) {
      const y = new Float32Array(x.length).fill(Number.NaN);
      launch('exp', [y, x]);
      expect(y.every((value) => value > 0)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });

  test('the number of threads is kept within bounds', () => {
    expect(native().setThreads(0)).toBe(1);
    expect(native().setThreads(1000)).toBe(256);
    expect(() => native().setThreads('two' as unknown as number)).toThrow('takes a number');
  });
} else {
  test('there is no library to test here', () => expect(addon).toBeUndefined());
}
