import type { Data, Kernel } from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { expectAllAsReference, referenceOf } from './agree.js';
import { drawnRows } from './drawn-rows.js';
import { addon, launch, noise } from './native.js';
import { Draw, seed } from './random.js';
import type { Launched } from './rows.js';

const largest = 2 ** 128 - 2 ** 104;
const tiny = [0, -0, 2 ** -149, -(2 ** -149), 1e-40, -3e-39, 2 ** -126, -(2 ** -126)];
const special = [...tiny, 1, -1, 2, -80, 1e4, largest, -largest, Infinity, -Infinity, Number.NaN];

/** Kernels that multiply and subtract what they read before it gets smaller: in single precision that may overflow. */
const moderate =
  /^(\w+Update|nadamMomentum|movingAverage|batchNorm|batchNormGradient|normalize|tanhGradient|sigmoidGradient|ctcLogLikelihoodGradient)$/;
const largestOf = (name: string) => (moderate.test(name) ? 1e18 : largest);

/** The positions of the buffers that hold what is varied: all that are read, but not the settings of updates. */
const inputs = (kernel: Kernel, buffers: readonly Data[]) =>
  kernel.accesses.flatMap((access, i) => {
    const setting = kernel.over === 'element' && kernel.divisions[i] !== 'tiled';
    return access !== 'write' && !setting && buffers[i] instanceof Float32Array ? [i] : [];
  });

/** Of a kernel element by element: every special number of an input with every one of the others. */
function everyCombination(row: Launched): Launched[] {
  const kernel = referenceOf(row.kernel);
  if (kernel.over !== 'element' || row.attributes?.some((value) => typeof value !== 'number' && value.length > 0))
    return [];
  const varied = inputs(kernel, row.buffers);
  const numbers = special
    .filter((_, i) => varied.length < 4 || i % 2 === 0)
    .map((value) => (Math.abs(value) === largest ? Math.sign(value) * largestOf(row.kernel) : value));
  const count = numbers.length ** varied.length;
  const buffers = row.buffers.map((data, i) => {
    if (kernel.divisions[i] !== 'tiled') return data;
    const values = data.slice(0, 0).constructor as new (length: number) => Data;
    const made = new values(count);
    const every = numbers.length ** varied.indexOf(i);
    if (varied.includes(i)) for (let k = 0; k < count; k++) made[k] = numbers[Math.floor(k / every) % numbers.length];
    return made;
  });
  return [{ ...row, buffers }];
}

/** The row with one of its inputs changed, each in turn. */
const withEachInput = (row: Launched, change: (data: Float32Array) => Float32Array): Launched[] =>
  inputs(referenceOf(row.kernel), row.buffers).map((at) => ({
    ...row,
    buffers: row.buffers.map((data, i) => (i === at && data instanceof Float32Array ? change(data) : data)),
  }));

function sprinkled(row: Launched, draw: Draw): Launched[] {
  const at = (data: Float32Array, ...values: number[]) => {
    const copy = data.slice();
    for (const value of values) if (copy.length > 0) copy[draw.below(copy.length)] = value;
    return copy;
  };
  const large = largestOf(row.kernel);
  return [
    ...withEachInput(row, (data) => data.map((value, i) => (i % 5 === 0 ? tiny[i % tiny.length] : value * 2 ** -130))),
    ...withEachInput(row, (data) => at(data, 0, -0, 2 ** -149, 2 ** -126)),
    ...withEachInput(row, (data) => at(data, large)),
    ...withEachInput(row, (data) => at(data, -large)),
    ...withEachInput(row, (data) => at(data, Infinity)),
    ...withEachInput(row, (data) => at(data, -Infinity)),
    ...withEachInput(row, (data) => at(data, Number.NaN)),
    ...withEachInput(row, (data) => at(data, Infinity, -Infinity, Number.NaN)),
  ];
}

describe.runIf(addon)('subnormal numbers, zeros, infinities, NaN and the largest numbers', () => {
  const rows = addon ? drawnRows() : [];
  const size = ({ buffers }: Launched) => buffers.reduce((sum, { length }) => sum + length, 0);
  const names = [...new Set(addon?.kernels().map(({ name }) => name))];

  test.each(names.filter((name) => rows.some((row) => row.kernel === name && everyCombination(row).length > 0)))(
    '%s of every combination',
    (name) => {
      const own = rows.filter(({ kernel }) => kernel === name);
      const settings = new Map(own.map((row) => [JSON.stringify(row.attributes), row]));
      expectAllAsReference([...settings.values()].flatMap(everyCombination), seed);
    },
  );

  const varies = (row: Launched) => inputs(referenceOf(row.kernel), row.buffers).length > 0;

  test.each(names.filter((name) => rows.some((row) => row.kernel === name && varies(row))))(
    '%s where they are among others',
    (name) => {
      const own = rows.filter((row) => row.kernel === name && size(row) > 2 && size(row) < 20_000 && varies(row));
      const distance = (row: Launched) => Math.abs(Math.log(size(row) / 1000));
      const chosen = own.sort((a, b) => distance(a) - distance(b)).slice(0, 8);
      expectAllAsReference(
        chosen.flatMap((row) => sprinkled(row, new Draw(2))),
        seed,
      );
    },
  );
});

test.runIf(addon)('kernels that count subnormal numbers as 0 leave them to others', () => {
  const [w, g, one] = [noise(100), noise(100), Float32Array.of(1)];
  launch('sgdUpdate', [w, noise(100), g, one, one], [0, 0, 0, 0]);
  const [x] = noise(1).map((value) => value * 2 ** -130);
  expect(Math.abs(x)).toBeGreaterThan(0);
});
