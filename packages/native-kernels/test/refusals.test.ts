import type { Data } from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { drawnRows } from './drawn-rows.js';
import { guarded } from './guarded.js';
import { type Attributes, addon, launch } from './native.js';
import { seed } from './random.js';
import type { Launched } from './rows.js';

/** Attributes that are numbers to compute with; all others are sizes, in kernels to come too. */
const numbers =
  /^(value|fill|low|high|slope|alpha|rho|epsilon|momentum|factor|dampening|nesterov|centered|\w+Decay|beta1|beta2|decoupled|probability|transpose[AB]|countPadding)$/;

const noSizes = [-1, -(2 ** 31), 0.5, 1.5, Number.NaN, Infinity, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e300];
/** Sizes whose product is 0 or small where only 64 or 32 bits of it are kept. */
const overflowing = [2 ** 16, 2 ** 22, 2 ** 31 - 1, 2 ** 32, 2 ** 53];

/** The row on memory that is watched is refused, and has changed nothing. */
function expectRefused({ kernel, buffers, attributes }: Launched, why: string): void {
  const watched = buffers.map((data) => guarded(data));
  const arrays = watched.map(({ data }) => data);
  const what = `${kernel} of ${buffers.map(({ length }) => length).join()} elements, ${why}, NN_TEST_SEED=${seed}`;
  expect(() => launch(kernel, arrays, attributes), what).toThrow(new RegExp(`^${kernel}: `));
  arrays.forEach((data, i) => {
    expect(Buffer.compare(bytesOf(data), bytesOf(buffers[i])), `${what}: buffer ${i} is as before`).toBe(0);
  });
  for (const buffer of watched) buffer.expectIntact();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Data) => new Uint8Array(buffer, byteOffset, byteLength);

const kernels = addon?.kernels() ?? [];

/** The row with this number in place of some attributes, or of the first of a list. */
function withNumbers(row: Launched, at: readonly number[], value: number): Launched {
  const attributes = (row.attributes ?? []).map((own, i) => {
    if (!at.includes(i)) return own;
    return typeof own === 'number' ? value : [value, ...own.slice(1)];
  });
  return { ...row, attributes };
}

/** Whether the length of a buffer follows from the attribute: with another number, the row's buffers do not fit. */
function saysLength(row: Launched, at: number): boolean {
  const { kernel, buffers, attributes = [] } = withNumbers(row, [at], Number(row.attributes?.[at]) + 1);
  try {
    launch(
      kernel,
      buffers.map((data) => data.slice()),
      attributes,
    );
    return false;
  } catch (error) {
    return /elements/.test((error as Error).message);
  }
}

/** Buffers whose length nothing says. */
const free: Readonly<Record<string, number>> = { fill: 0, randomUniform: 0, dropoutMask: 0 };

/** Strides need not reach the end of what they walk: operands, what is copied from, and what is placed into. */
const mayBeLonger = ({ kernel, attributes = [] }: Launched, buffer: number) =>
  lengthOf(attributes[0] ?? []) > 0 &&
  typeof attributes[0] !== 'number' &&
  (kernel === 'place' ? buffer === 0 : buffer > 0);

const lengthOf = (attribute: Attributes[number]) => (typeof attribute === 'number' ? 1 : attribute.length);

/** The positions of attributes that are sizes, with something in them. */
const sizesOf = ({ kernel, attributes = [] }: Launched): number[] => {
  const declared = kernels.find(({ name }) => name === kernel)?.attributes ?? [];
  return declared.flatMap(({ name }, i) => (numbers.test(name) || lengthOf(attributes[i]) === 0 ? [] : [i]));
};

/** Whether every size counts: no buffer is so small that lengths agree by chance, no stride that of a lone element. */
function counts({ kernel, buffers, attributes = [] }: Launched): boolean {
  if (kernel === 'matmul' && attributes[0] === 1) return false;
  return (
    buffers.every(({ length }, i) => (length > 2 || (i > 0 && /Update$/.test(kernel))) && length < 5000) &&
    (typeof attributes[0] === 'number' || attributes[0]?.[0] !== 1)
  );
}

describe.runIf(addon)('before any memory is touched', () => {
  const rows = addon ? drawnRows().filter(counts) : [];
  const names = [...new Set(kernels.map(({ name }) => name))];
  const sized = names.filter((name) => rows.some((row) => row.kernel === name && sizesOf(row).length > 0));

  const rowsOf = (name: string, least: number) => {
    const own = rows.filter((row) => row.kernel === name && sizesOf(row).length >= least);
    expect(own.length, `rows of ${name} in which every size counts, NN_TEST_SEED=${seed}`).toBeGreaterThan(0);
    return own.slice(-3);
  };

  test('kernels with attributes that are sizes are tested', () => {
    const declared = kernels.filter(({ attributes }) => attributes.some((attribute) => !numbers.test(attribute.name)));
    expect(new Set(sized)).toEqual(new Set(declared.map(({ name }) => name)));
  });

  test.each(sized)('%s refuses numbers that are no sizes', (name) => {
    for (const row of rowsOf(name, 1))
      for (const at of sizesOf(row))
        for (const value of noSizes) {
          // A view may go backwards.
          const list = typeof row.attributes?.[at] !== 'number';
          if (list && value === -1) continue;
          expectRefused(withNumbers(row, [at], value), `attribute ${at} being ${value}`);
        }
  });

  test.each(sized)('%s refuses sizes whose product overflows', (name) => {
    for (const row of rowsOf(name, 1)) {
      const lengths = sizesOf(row).filter((at) => typeof row.attributes?.[at] === 'number' && saysLength(row, at));
      for (const value of overflowing) {
        for (const a of lengths)
          for (const b of lengths.filter((other) => other > a))
            expectRefused(withNumbers(row, [a, b], value), `attributes ${a} and ${b} being ${value}`);
        if (lengths.length > 0) expectRefused(withNumbers(row, lengths, value), `attributes ${lengths} being ${value}`);
      }
    }
  });

  test.each(names)('%s refuses buffers that are too short or too long', (name) => {
    for (const row of rowsOf(name, 0))
      row.buffers.forEach((_, at) => {
        if (free[name] === at) return;
        const replaced = (data: Data) => ({ ...row, buffers: row.buffers.map((own, i) => (i === at ? data : own)) });
        expectRefused(replaced(row.buffers[at].slice(1)), `buffer ${at} too short`);
        if (mayBeLonger(row, at)) return;
        const longer = row.buffers[at].slice(0, 1).constructor as new (length: number) => Data;
        expectRefused(replaced(new longer(row.buffers[at].length + 1)), `buffer ${at} too long`);
      });
  });

  test.each(['gatherBytes', 'gatherRows', 'scatterRows', 'oneHot', 'crossEntropy', 'ctcLogLikelihood'])(
    '%s refuses indices outside',
    (name) => {
      for (const row of rowsOf(name, 1))
        for (const index of [-1, 2 ** 31 - 1, -(2 ** 31)]) {
          const at = row.buffers.length - 1;
          const indices = row.buffers[at].slice();
          indices[indices.length - 1] = index;
          const buffers = row.buffers.map((data, i) => (i === at ? indices : data));
          expectRefused({ ...row, buffers }, `index ${index}`);
        }
    },
  );
});
