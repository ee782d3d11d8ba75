import type { Attributes, Data, Kernel } from '@nn/tensor';
import { expect } from 'vitest';
import { kernelsInUse } from '../../conformance/test/kernels-in-use.js';
import { guarded } from './guarded.js';
import { launch, native } from './native.js';
import type { Launched } from './rows.js';

const references = kernelsInUse();

/** The TypeScript kernel of this name. */
export function referenceOf(name: string): Kernel {
  const kernel = references.get(name);
  if (!kernel) throw new Error(`no op launches a kernel ${name} in TypeScript`);
  return kernel;
}

/** What a row says by position, by name. */
const named = ({ attrNames }: Kernel, values: Launched['attributes'] = []): Attributes =>
  Object.fromEntries(attrNames.map((name, i) => [name, values[i]]));

/** Kernels that add up what they read or shares of it, beside those that add up products. */
const sums = /^(sum|scatterRows|a(verage|daptiveAverage)Pool2d(Gradient)?|maxPool2dGradient)$/;
/** Kernels whose numbers must be those of the reference. */
const exact =
  /^(randomUniform|dropoutMask|copy|place|join|fill|cast|gatherBytes|gatherRows|oneHot|where|maximumOf|minimumOf|maxPool2d|data\/warp)$/;
/** What two gradients that nearly cancel leave of an error is larger. */
const toleranceOf = (name: string) => (exact.test(name) ? 0 : name === 'batchNormGradient' ? 1e-5 : 3e-6);

/** Kernels that count subnormal numbers as 0; divided by Adam's ε such a number may come to 1e-30. */
const flushing = /Update$/;

const isFloats = (data: Data): data is Float32Array => data instanceof Float32Array;
const flushed = (data: Data): Data =>
  isFloats(data) ? data.map((value) => (Math.abs(value) < 2 ** -126 ? 0 : value)) : data;
const finite = (value: number) => (Number.isFinite(value) ? Math.abs(value) : 0);
function largestOf(data: Data): number {
  let largest = 0;
  for (const value of data) largest = Math.max(largest, finite(value));
  return largest;
}

/** What a kernel takes its inputs for, where it says so in C++. */
function documented({ name }: Kernel, buffers: readonly Data[]): readonly Data[] {
  if (flushing.test(name)) return buffers.map(flushed);
  if (name === 'geluGradient')
    return buffers.map((data, i) => (i === 1 ? data.map((x: number) => Math.min(Math.max(x, -30), 30)) : data));
  return buffers;
}

function computed(kernel: Kernel, buffers: readonly Data[], attributes: Launched['attributes']): readonly Data[] {
  const copies = buffers.map((data) => data.slice());
  kernel.reference(copies, named(kernel, attributes));
  return copies;
}

/** For element i of a buffer, the number that its error is relative to. */
type Scale = (buffer: number, i: number) => number;

function scaleOf(kernel: Kernel, { buffers, attributes = [] }: Launched, expected: readonly Data[]): Scale {
  const reads = buffers.filter((data, i) => isFloats(data) && kernel.accesses[i] !== 'write');
  if (kernel.product || sums.test(kernel.name)) {
    const absolute = buffers.map((data, i) =>
      isFloats(data) && kernel.accesses[i] === 'read' ? data.map(Math.abs) : data,
    );
    const plain = kernel.attrNames.map((name, i) => (name === 'activation' ? 0 : attributes[i]));
    const bounds = computed(kernel, absolute, plain);
    const largest = bounds.map(largestOf);
    const { kernelHeight, kernelWidth } = named(kernel, attributes);
    // Winograd's tiles mix what neighbouring elements add up, and round it several times.
    if (kernelHeight === 3 && kernelWidth === 3)
      return (buffer, i) => 3 * largest[buffer] + finite(expected[buffer][i]);
    // A maximum may be finite where the sum of magnitudes is not.
    return (buffer, i) => (finite(bounds[buffer][i]) || largest[buffer]) + finite(expected[buffer][i]);
  }
  if (kernel.over === 'element') {
    const alike = reads.filter(({ length }) => length === expected[0].length);
    // The larger a step of these, the smaller is what it was divided by, and the larger that one's error.
    const power = /^(adam|nadam|rmsprop|adagrad|adadelta)Update$/.test(kernel.name) ? 2 : 1;
    return (buffer, i) => alike.reduce((sum, data) => sum + finite(data[i]), finite(expected[buffer][i]) ** power);
  }
  const read = Math.max(1, ...reads.map(largestOf));
  const largest = expected.map((data) => Math.max(read, largestOf(data)));
  return (buffer) => largest[buffer];
}

/** Places of pooled maxima may be others where sums that are nearly equal round to other neighbours. */
const mayDiffer = (kernel: Kernel, buffer: number) => (kernel.name === 'conv2dMaxPool' && buffer === 1 ? 2 : 0);

function expectNumbers(kernel: Kernel, row: Launched, got: readonly Data[]): void {
  const flushes = flushing.test(kernel.name);
  const flush = (data: Data, i: number) => (flushes && kernel.accesses[i] !== 'read' ? flushed(data) : data);
  const expected = computed(kernel, documented(kernel, row.buffers), row.attributes).map((data, i) =>
    kernel.accesses[i] === 'read' ? row.buffers[i] : flush(data, i),
  );
  const found = got.map(flush);
  const scale = scaleOf(kernel, row, expected);
  kernel.accesses.forEach((access, buffer) => {
    const tolerance = access === 'read' || !isFloats(expected[buffer]) ? 0 : toleranceOf(kernel.name);
    let strays = 0;
    for (let i = 0; i < expected[buffer].length; i++) {
      const [number, wanted] = [found[buffer][i], expected[buffer][i]];
      if (number === wanted || Object.is(number, wanted)) continue;
      const allowed = tolerance === 0 ? 0 : tolerance * scale(buffer, i) + (flushes ? 1e-29 : 2 ** -146);
      if (Math.abs(number - wanted) <= allowed) continue;
      if (++strays > mayDiffer(kernel, buffer))
        expect.fail(
          `${kernel.bufferNames[buffer]}: element ${i} of ${expected[buffer].length} is ${number} instead of ${wanted}`,
        );
    }
  });
}

/**
 * Launches a row on memory that begins one element past a multiple of 64 bytes: it holds what the reference says, and
 * what two threads say on aligned memory, and nothing beside it has changed.
 */
function expectAsReference(row: Launched): void {
  const kernel = referenceOf(row.kernel);
  const before = native().setThreads();
  const [shifted, aligned] = [1, 0].map((elements) => row.buffers.map((data) => guarded(data, elements)));
  native().setThreads(1);
  launch(
    row.kernel,
    shifted.map(({ data }) => data),
    row.attributes,
  );
  native().setThreads(2);
  launch(
    row.kernel,
    aligned.map(({ data }) => data),
    row.attributes,
  );
  native().setThreads(before);
  for (const buffer of [...shifted, ...aligned]) buffer.expectIntact();
  shifted.forEach(({ data }, i) => {
    const [bytes, others] = [data, aligned[i].data].map((array) =>
      Buffer.from(array.buffer, array.byteOffset, array.byteLength),
    );
    expect(bytes.equals(others), `the bits of ${kernel.bufferNames[i]}, aligned or not`).toBe(true);
  });
  expectNumbers(
    kernel,
    row,
    shifted.map(({ data }) => data),
  );
}

/** As `expectAsReference`, of many rows: errors name the row and the seed. */
export function expectAllAsReference(rows: readonly Launched[], seed: number): void {
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    try {
      expectAsReference(row);
    } catch (error) {
      const lengths = row.buffers.map(({ length }) => length).join();
      const what = `${row.kernel} of ${lengths} elements with ${JSON.stringify(row.attributes ?? [])}`;
      throw new Error(`${what}, NN_TEST_SEED=${seed}: ${(error as Error).message}`);
    }
  }
}
