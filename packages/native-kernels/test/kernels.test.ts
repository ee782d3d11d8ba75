import type { Data } from '@nn/tensor';
import { expect, test } from 'vitest';
import { ctcRows } from './ctc-rows.js';
import { adaptivePoolingRows, warpRows } from './image-rows.js';
import { batchNormRows, optimizerRows, preluRows, randomRows, softmaxRows } from './kernel-rows.js';
import { moveRows, rowKernelRows } from './move-rows.js';
import { addon, launch, native } from './native.js';
import { binaryRows, elementRows, type Row, reductionRows } from './rows.js';

const all: Row[] = [
  ...elementRows(),
  ...binaryRows(),
  ...reductionRows(),
  ...softmaxRows(),
  ...batchNormRows(),
  ...preluRows(),
  ...randomRows(),
  ...optimizerRows(),
  ...moveRows(),
  ...rowKernelRows(),
  ...ctcRows(),
  ...adaptivePoolingRows(),
  ...warpRows(),
];
const kernelNames = [...new Set(all.map(({ kernel }) => kernel))];

/** Kernels whose numbers must be exactly those of the reference. */
const exact = new Set([
  'randomUniform',
  'dropoutMask',
  'copy',
  'place',
  'join',
  'fill',
  'cast',
  'gatherBytes',
  'gatherRows',
  'oneHot',
]);

/** Buffers whose length no attribute says. */
const freeLengths: Record<string, number> = { fill: 0, randomUniform: 0, dropoutMask: 0, copy: 1, place: 0 };

/** Products, convolutions and pooling have tests of their own. */
const elsewhere = /^(matmul|linear|conv2d|convTranspose2d|maxPool|averagePool2d)/;

const bytesOf = ({ buffer, byteOffset, byteLength }: Data) => Buffer.from(buffer, byteOffset, byteLength);

/** y, alpha and x of two sequences of two steps, three classes and two labels. */
const sequences = [new Float32Array(2), new Float32Array(20), new Float32Array(12)];

function check({ kernel, buffers, attributes, expected }: Row): void {
  const before = buffers.map((buffer) => buffer.slice());
  launch(kernel, buffers, attributes);
  const tolerance = exact.has(kernel) ? 0 : 3e-6;
  expected.forEach((values, b) => {
    const got = buffers[b];
    let largest = 1;
    for (let i = 0; i < values.length; i++)
      if (Number.isFinite(values[i])) largest = Math.max(largest, Math.abs(values[i]));
    expect(got.length).toBe(values.length);
    for (let i = 0; i < values.length; i++) {
      const error = Math.abs(got[i] - values[i]);
      if (!(error <= tolerance * largest) && !Object.is(got[i], values[i]))
        expect.fail(`buffer ${b}: element ${i} of ${got.length} is ${got[i]} instead of ${values[i]}`);
    }
  });
  native()
    .kernels()
    .find(({ name }) => name === kernel)
    ?.buffers.forEach(({ access }, i) => {
      if (access === 'read')
        expect(bytesOf(buffers[i]).equals(bytesOf(before[i])), `buffer ${i} is only read`).toBe(true);
    });
}

if (addon) {
  test.each(kernelNames)('%s computes what it says', (name) => {
    for (const row of all.filter(({ kernel }) => kernel === name)) {
      const lengths = row.buffers.map(({ length }) => length).join();
      try {
        check(row);
      } catch (error) {
        throw new Error(`${lengths} with ${JSON.stringify(row.attributes)}: ${(error as Error).message}`);
      }
    }
  });

  test('moments that fade away become 0, as subnormal numbers would slow every step', () => {
    const faded = () => new Float32Array(9).fill(1e-39);
    const [m, v, velocity] = [faded(), faded(), faded()];
    const [w, g, one] = [new Float32Array(9).fill(1), new Float32Array(9), Float32Array.of(1)];
    launch('adamUpdate', [w, m, v, g, one, one], [0.9, 0.999, 1e-8, 0, 0]);
    launch('sgdUpdate', [w, velocity, g, one, one], [0.9, 0, 0, 0]);
    const [lion, squares, mean] = [faded(), faded(), faded()];
    launch('lionUpdate', [w, lion, g, one], [0.9, 0.99, 0]);
    launch('rmspropUpdate', [w, squares, mean, faded(), g, one], [0.99, 1e-8, 0, 1, 0]);
    for (const moment of [m, v, velocity, lion, squares, mean]) expect(moment).toEqual(g);
    expect(w).toEqual(new Float32Array(9).fill(1));
    const x = faded();
    launch('square', [x, faded().fill(1e-20)]);
    expect(x[0], 'elsewhere they are kept').toBe(Math.fround(Math.fround(1e-20) ** 2));
  });

  test('every kernel has a row', () => {
    const untested = native()
      .kernels()
      .filter(({ name }) => !kernelNames.includes(name) && !elsewhere.test(name));
    expect(untested).toEqual([]);
  });

  test.each(kernelNames)('%s refuses a buffer that is too short', (name) => {
    const lengthsOf = ({ buffers }: Row) => buffers.map(({ length }) => length);
    const rows = all.filter(
      (row) => row.kernel === name && Math.max(...lengthsOf(row)) > 8 && !lengthsOf(row).includes(0),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { buffers, attributes } of rows.slice(0, 4)) {
      for (let b = 0; b < buffers.length; b++) {
        if (b === freeLengths[name] || buffers[b].length === 0) continue;
        const short = buffers.map((buffer, i) => (i === b ? buffer.slice(1) : buffer));
        expect(() => launch(name, short, attributes), `buffer ${b}`).toThrow(new RegExp(`^${name}: .*\\d`));
      }
    }
  });

  test.each([
    [
      'gatherRows',
      [new Float32Array(4), new Float32Array(6), Int32Array.of(0, 3)],
      [3, 2, 2],
      'index 3 at position 1 is outside 0…2',
    ],
    [
      'gatherBytes',
      [new Float32Array(4), new Uint8Array(6), new Float32Array(256), Int32Array.of(3, 0)],
      [3, 2, 1, 2],
      'index 3 at position 0 is outside 0…2',
    ],
    [
      'scatterRows',
      [new Float32Array(6), new Float32Array(4), Int32Array.of(-1, 0)],
      [3, 2, 2],
      'index -1 at position 0 is outside 0…2',
    ],
    ['oneHot', [new Float32Array(6), Int32Array.of(0, 3)], [3], 'index 3 at position 1 is outside 0…2'],
    [
      'crossEntropy',
      [new Float32Array(2), new Float32Array(20), new Float32Array(20), Int32Array.of(9, 12)],
      [2, 10],
      'target 12 at row 1 is outside 0…9',
    ],
    [
      'ctcLogLikelihood',
      [...sequences, Int32Array.of(1, 1, 1, 3), Int32Array.of(2, 2), Int32Array.of(2, 2)],
      [2, 2, 3, 2, 0],
      'target 3 at row 1 is outside 0…2',
    ],
    [
      'ctcLogLikelihood',
      [...sequences, Int32Array.of(1, 1, 0, 1), Int32Array.of(2, 2), Int32Array.of(2, 2)],
      [2, 2, 3, 2, 0],
      'target 0 at row 1 is the blank, which is no label',
    ],
    [
      'ctcLogLikelihood',
      [...sequences, Int32Array.of(1, 1, 1, 1), Int32Array.of(2, 3), Int32Array.of(2, 2)],
      [2, 2, 3, 2, 0],
      'input length 3 of sample 1 is outside 0…2',
    ],
    [
      'ctcLogLikelihood',
      [...sequences, Int32Array.of(1, 1, 1, 1), Int32Array.of(2, 2), Int32Array.of(-1, 2)],
      [2, 2, 3, 2, 0],
      'target length -1 of sample 0 is outside 0…2',
    ],
    [
      'data/warp',
      [new Float32Array(4), new Float32Array(4), new Float64Array(6)],
      [1, [2, 2, 1], [2, 2], 0],
      'a height and a width, not 3 numbers',
    ],
    ['softmax', [new Float32Array(6), new Float32Array(6)], [2, 4], 'y has 6 elements where 8 are expected'],
    [
      'softmax',
      [new Float32Array(6), new Float32Array(6)],
      [-2, -3],
      'y has 6 elements, and the attributes ask for no valid number of them',
    ],
    ['softmax', [new Float32Array(6), new Float32Array(6)], [Number.NaN, 3], 'no valid number'],
    ['softmax', [new Float32Array(6), new Float32Array(6)], [2 ** 40, 2 ** 40], 'no valid number'],
    [
      'copy',
      [new Float32Array(4), new Float32Array(4)],
      [[4], [1], 1],
      'strides reach elements 1 to 4 of a buffer of 4',
    ],
    [
      'copy',
      [new Float32Array(4), new Float32Array(4)],
      [[4], [-1], 2],
      'strides reach elements -1 to 2 of a buffer of 4',
    ],
    ['copy', [new Float32Array(4), new Float32Array(4)], [[4], [1e15], 0], 'strides reach'],
    ['copy', [new Float32Array(4), new Float32Array(4)], [[2, 2], [1], 0], 'as many strides as sizes'],
    [
      'add',
      [new Float32Array(4), new Float32Array(4), new Float32Array(2)],
      [[4], [1], [1]],
      'reach elements 0 to 3 of a buffer of 2',
    ],
  ])('%s refuses what does not fit', (name, buffers, attributes, message) => {
    expect(() => launch(name, buffers, attributes)).toThrow(message);
    expect(() => launch(name, buffers, attributes)).toThrow(name);
  });
} else {
  test('there is no library to test here', () => expect(addon).toBeUndefined());
}
