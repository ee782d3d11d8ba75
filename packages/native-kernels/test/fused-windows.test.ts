import {
  conv2dMaxPoolKernel,
  type Kernel,
  maxPoolActivationGradientKernel,
  type Attributes as Named,
} from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { expectLengthsChecked, spoiled, unaligned } from './compare.js';
import { addon, launch, native, noise, unwritten } from './native.js';

interface Shape {
  readonly batch: number;
  readonly channels: readonly [input: number, output: number];
  readonly size: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride?: number;
  readonly pad?: number;
  readonly dilation?: number;
  readonly groups?: number;
}

/** Shapes that take each way of convolving, with odd sizes and batches beside a whole number of lanes. */
const shapes: readonly Shape[] = [
  { batch: 35, channels: [1, 6], size: [28, 28], kernel: [5, 5], pad: 2 },
  { batch: 19, channels: [6, 16], size: [14, 14], kernel: [5, 5] },
  { batch: 17, channels: [4, 6], size: [9, 12], kernel: [3, 2], groups: 2 },
  { batch: 16, channels: [3, 7], size: [15, 12], kernel: [3, 3], stride: 2, pad: 1 },
  { batch: 2, channels: [8, 12], size: [26, 26], kernel: [3, 3] },
  { batch: 3, channels: [16, 17], size: [45, 47], kernel: [3, 3], pad: 1 },
  { batch: 7, channels: [32, 16], size: [9, 8], kernel: [3, 3], pad: 1, groups: 2 },
  { batch: 1, channels: [1, 6], size: [28, 28], kernel: [5, 5], pad: 2 },
  { batch: 3, channels: [2, 5], size: [11, 75], kernel: [3, 4], dilation: 2, pad: 1 },
  { batch: 20, channels: [2, 3], size: [4, 3], kernel: [2, 2] },
  { batch: 5, channels: [2, 3], size: [2, 9], kernel: [2, 2] },
  { batch: 0, channels: [2, 3], size: [6, 6], kernel: [3, 3] },
];

const activations = ['', 'relu', 'tanh', 'sigmoid'] as const;
const bytesOf = (data: Float32Array | Int32Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const named = ({ attrNames }: Kernel, values: readonly number[]): Named =>
  Object.fromEntries(attrNames.map((name, i) => [name, values[i]]));

function geometryOf({ batch, channels, size, kernel, stride = 1, pad = 0, dilation = 1, groups = 1 }: Shape): number[] {
  const out = size.map((n, i) => Math.floor((n + 2 * pad - dilation * (kernel[i] - 1) - 1) / stride) + 1);
  const windows = [...kernel, stride, stride, pad, pad, dilation, dilation, groups, ...out];
  return [batch, channels[0], ...size, channels[1], ...windows];
}

/** The attributes of the pooling of a convolution's result. */
const poolingOf = (g: readonly number[]): number[] => {
  const [height, width] = g.slice(14);
  return [g[0], g[4], height, width, 2, 2, 2, 2, 0, 0, 1, 1, Math.floor(height / 2), Math.floor(width / 2)];
};

/** The arguments of a convolution; `prepare` changes what they hold. */
function argumentsOf(g: readonly number[], prepare: (x: Float32Array) => Float32Array) {
  const [batch, inputs, height, width, outputs, kernelHeight, kernelWidth] = g;
  const lengths = [batch * inputs * height * width, (outputs * inputs * kernelHeight * kernelWidth) / g[13], outputs];
  return lengths.map((length, i) => unaligned(prepare(noise(length, i + 1))));
}

/** Pooled values and their places: fused, with 1, 2 and 3 threads the same, and by the launches that it stands for. */
function pooled(g: readonly number[], inputs: readonly Float32Array[], activation: number) {
  const pooling = poolingOf(g);
  const [height, width, rows, columns] = [pooling[2], pooling[3], pooling[12], pooling[13]];
  const count = g[0] * g[4] * rows * columns;
  const before = native().setThreads();
  const [fused, ...others] = [1, 2, 3].map((threads) => {
    native().setThreads(threads);
    const result = { y: unaligned(unwritten(count)), index: new Int32Array(count).fill(-9) };
    launch('conv2dMaxPool', [result.y, result.index, ...inputs], [...g, activation]);
    return result;
  });
  native().setThreads(before);
  for (const { y, index } of others)
    expect(bytesOf(y).equals(bytesOf(fused.y)) && bytesOf(index).equals(bytesOf(fused.index))).toBe(true);

  const size = g[0] * g[4] * height * width;
  const convolved = unwritten(size);
  launch('conv2d', [convolved, ...inputs], [...g, 0]);
  const activated = activation === 0 ? convolved : unwritten(size);
  if (activation > 0) launch(activations[activation], [activated, convolved]);
  const apart = { y: unwritten(count), index: new Int32Array(count).fill(-9) };
  launch('maxPool2d', [apart.y, apart.index, activated], pooling);
  return { fused, apart };
}

function expectSame(g: readonly number[], inputs: readonly Float32Array[], activation: number): void {
  const { fused, apart } = pooled(g, inputs, activation);
  const what = `${g.join(' ')}, ${activations[activation] || 'no activation'}`;
  expect(bytesOf(fused.index).equals(bytesOf(apart.index)), `places: ${what}`).toBe(true);
  expect(bytesOf(fused.y).equals(bytesOf(apart.y)), `values: ${what}`).toBe(true);
}

/** Rounded so coarsely that many sums are equal, and others nearly. */
const coarse = (x: Float32Array) => x.map((value) => Math.round(value * 4) / 4 + (value > 0.9 ? 2 ** -20 : 0));

describe.runIf(addon)('fused kernels over windows', () => {
  test.each(shapes)('conv2dMaxPool is convolution, activation and pooling to the bit: %j', (shape) => {
    const g = geometryOf(shape);
    for (let activation = 0; activation < 4; activation++)
      for (const prepare of [(x: Float32Array) => x, coarse, spoiled])
        expectSame(g, argumentsOf(g, prepare), activation);
  });

  test.each([17, 3])('values that tanh makes equal have the place of the first, batch %i', (batch) => {
    const g = geometryOf({ batch, channels: [1, 5], size: [20, 18], kernel: [2, 2] });
    const [x, , b] = argumentsOf(g, (values) => values);
    const w = new Float32Array(20);
    for (let o = 0; o < 5; o++) w[4 * o] = 1;
    // The five channels see the image's values around 0, 2, 3.9 and −3.9, and where tanh is 1; neighbours differ by few ulps.
    b.set([0, 2, 3.9, -3.9, 12]);
    for (const unit of [2 ** -26, 2 ** -23, 2 ** -21, 2 ** -18, 2 ** -13, 2 ** -11, 2 ** -9])
      expectSame(g, [x.map((value) => Math.round(value * 3) * unit), w, b], 2);
    expectSame(g, [x.map((value) => 20 * value), w, b], 2);
  });

  test.each(shapes)('conv2dMaxPool agrees with its reference: %j', (shape) => {
    const g = geometryOf(shape);
    const inputs = argumentsOf(g, (x) => x);
    for (let activation = 0; activation < 4; activation++) {
      const { fused } = pooled(g, inputs, activation);
      const expected = { y: unwritten(fused.y.length), index: new Int32Array(fused.y.length) };
      const { kernel } = conv2dMaxPoolKernel;
      kernel.reference([expected.y, expected.index, ...inputs], named(kernel, [...g, activation]));
      const error = fused.y.map((value, i) => Math.abs(value - expected.y[i])).reduce((a, b) => Math.max(a, b), 0);
      const largest = expected.y.reduce((a, b) => Math.max(a, Math.abs(b)), 8);
      expect(error).toBeLessThan(2.5e-6 * largest);
      const places = fused.index.filter((place, i) => place !== expected.index[i]);
      expect(places.length, 'places apart from sums that round to other neighbours').toBeLessThan(3);
    }
  });

  test.each([
    [3, 4, 28, 28],
    [2, 5, 10, 11],
    [1, 3, 7, 2],
    [2, 2, 2, 70],
    [1, 2, 1, 5],
  ])(
    'maxPoolActivationGradient is the gradients of pooling and activation in turn: %i × %i planes of %i × %i',
    (...size) => {
      const [batch, channels, height, width] = size;
      const wide = [...size, 3, 2, 3, 4, 1, 0, 1, 1, Math.floor((height - 2) / 3) + 1, Math.floor((width - 2) / 4) + 1];
      for (const pooling of [poolingOf([batch, 0, 0, 0, channels, ...Array(9).fill(0), height, width]), wide])
        for (let activation = 0; activation < 4; activation++) {
          const [plane, pooledPlane] = [height * width, Math.max(0, pooling[12]) * pooling[13]];
          if (pooling[12] < 0) continue;
          const [planes, count] = [batch * channels, batch * channels * pooledPlane];
          const x = noise(planes * plane, 1).map((value) => Math.round(value * 16) / 16);
          const activated = activation === 0 ? x : unwritten(x.length);
          if (activation > 0) launch(activations[activation], [activated, x]);
          const [y, index, dy] = [unwritten(count), new Int32Array(count), unaligned(noise(count, 2))];
          launch('maxPool2d', [y, index, activated], pooling);
          dy[0] = -0;
          const apart = unwritten(x.length);
          launch('maxPool2dGradient', [apart, index, dy], pooling);
          const behind = activation === 0 ? apart : unwritten(x.length);
          if (activation > 0) launch(`${activations[activation]}Gradient`, [behind, activated, apart]);
          const dx = unaligned(unwritten(x.length));
          launch('maxPoolActivationGradient', [dx, index, dy, y], [...pooling, activation]);
          expect(bytesOf(dx).equals(bytesOf(behind)), `${pooling}, ${activations[activation]}`).toBe(true);
          const { kernel } = maxPoolActivationGradientKernel;
          const reference = unwritten(x.length);
          kernel.reference([reference, index, dy, y], named(kernel, [...pooling, activation]));
          expect(dx.every((value, i) => Math.abs(value - reference[i]) < 1e-6)).toBe(true);
        }
    },
  );

  test('the gradient of pooling and activation takes any index in the plane, and no other', () => {
    const pooling = poolingOf([1, 0, 0, 0, 2, ...Array(9).fill(0), 4, 4]);
    const [index, dy, y] = [Int32Array.of(0, 7, 15, -1, 9, 8, 2, 3), noise(8), noise(8, 2)];
    const dx = unwritten(32);
    launch('maxPoolActivationGradient', [dx, index, dy, y], [...pooling, 0]);
    const expected = new Float32Array(32);
    dy.forEach((value, i) => {
      if (index[i] >= 0) expected[16 * Math.floor(i / 4) + index[i]] = value;
    });
    expect(dx).toEqual(expected);
    index[5] = 16;
    const outside = () => launch('maxPoolActivationGradient', [dx, index, dy, y], [...pooling, 0]);
    expect(outside).toThrow('index 16 at position 5 is outside 0…15');
  });

  test('convTranspose2d is the gradient by data of the convolution, then bias and activation', () => {
    for (const shape of shapes) {
      const g = geometryOf(shape);
      const [y, w] = argumentsOf(g, (x) => x);
      const [x, b] = [noise(g[0] * g[4] * g[14] * g[15], 5), noise(g[1], 6)];
      const adjoint = unwritten(y.length);
      launch('conv2dInputGradient', [adjoint, x, w], g);
      const plane = g[2] * g[3];
      const sums = adjoint.map((value, i) => value + b[Math.floor(i / plane) % g[1]]);
      for (let activation = 0; activation < 4; activation++) {
        const expected = activation === 0 ? sums : unwritten(y.length);
        if (activation > 0) launch(activations[activation], [expected, sums]);
        const got = unaligned(unwritten(y.length));
        launch('convTranspose2d', [got, x, w, b], [...g, activation]);
        expect(bytesOf(got).equals(bytesOf(expected)), `${g} ${activations[activation]}`).toBe(true);
      }
    }
  });

  test('sizes that the buffers do not have are refused', () => {
    const g = [1, 2, 5, 4, 2, 2, 2, 1, 1, 0, 0, 1, 1, 1, 4, 3];
    const [x, w, b, y] = [40, 16, 2, 4].map((n) => new Float32Array(n));
    expectLengthsChecked('conv2dMaxPool', [y, new Int32Array(4), x, w, b], [...g, 2]);
    expect(() => launch('conv2dMaxPool', [y, new Int32Array(4), x, w, b], [...g, 4])).toThrow('activation 4');
    expectLengthsChecked('convTranspose2d', [x, new Float32Array(24), w, b], [...g, 0]);
    const p = [1, 2, 5, 4, 2, 2, 2, 2, 0, 0, 1, 1, 2, 2];
    const small = [new Int32Array(8), new Float32Array(8), new Float32Array(8)];
    expectLengthsChecked('maxPoolActivationGradient', [x, ...small], [...p, 0]);
    const overlapping = Object.assign([...p, 1], { 6: 1 });
    expect(() => launch('maxPoolActivationGradient', [x, ...small], overlapping)).toThrow('overlap');
  });
});

test('the fused kernels are there wherever the library is', () => {
  const names = addon?.kernels().map(({ name }) => name) ?? ['conv2dMaxPool', 'maxPoolActivationGradient'];
  expect(names).toEqual(expect.arrayContaining(['conv2dMaxPool', 'maxPoolActivationGradient']));
});
