import { expect, test } from 'vitest';
import { expectKernel, expectLengthsChecked, spoiled, unaligned } from './compare.js';
import { addon, launch, noise, unwritten } from './native.js';

/** Windows over planes, in one direction: positions of output o that lie inside are o · stride − pad + k · dilation. */
interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
  readonly out: number;
}

const axis = (size: number, kernel: number, stride = 1, pad = 0, dilation = 1, trailing = pad): Axis => {
  const out = Math.floor((size + pad + trailing - dilation * (kernel - 1) - 1) / stride) + 1;
  return { size, kernel, stride, pad, dilation, out };
};

/** Calls each(o, k, position) for all that lie inside. */
function walk(
  { size, kernel, stride, pad, dilation, out }: Axis,
  each: (o: number, k: number, at: number) => void,
): void {
  for (let o = 0; o < out; o++)
    for (let k = 0; k < kernel; k++) {
      const at = o * stride - pad + k * dilation;
      if (at >= 0 && at < size) each(o, k, at);
    }
}

interface Convolution {
  readonly batch: number;
  readonly groups?: number;
  /** Channels of one group. */
  readonly channels: readonly [input: number, output: number];
  readonly rows: Axis;
  readonly columns: Axis;
  readonly activation?: number;
  readonly spoil?: boolean;
}

function checkConvolution({ batch, groups = 1, channels, rows, columns, activation = 0, spoil }: Convolution): void {
  const [inputs, outputs] = channels;
  const inputChannels = groups * inputs;
  const outputChannels = groups * outputs;
  const attributes = [batch, inputChannels, rows.size, columns.size, outputChannels, rows.kernel, columns.kernel];
  attributes.push(rows.stride, columns.stride, rows.pad, columns.pad, rows.dilation, columns.dilation, groups);
  attributes.push(rows.out, columns.out);
  const [plane, taps, outPlane] = [rows.size * columns.size, rows.kernel * columns.kernel, rows.out * columns.out];
  const lengths = [batch * inputChannels * plane, outputChannels * inputs * taps, batch * outputChannels * outPlane];
  const [x, w, dy] = lengths.map((n, i) => unaligned(spoil ? spoiled(noise(n, i + 1)) : noise(n, i + 1)));
  const b = unaligned(noise(outputChannels, 4));
  const y = Float64Array.from(dy, (_, i) => b[Math.floor(i / outPlane) % outputChannels]);
  const [dx, dw] = [new Float64Array(x.length), new Float64Array(w.length)];
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputChannels; o++)
      for (let c = 0; c < inputs; c++) {
        const xStart = (n * inputChannels + Math.floor(o / outputs) * inputs + c) * plane;
        const [wStart, yStart] = [(o * inputs + c) * taps, (n * outputChannels + o) * outPlane];
        walk(rows, (r, ky, row) =>
          walk(columns, (q, kx, column) => {
            const xi = xStart + row * columns.size + column;
            const wi = wStart + ky * columns.kernel + kx;
            const yi = yStart + r * columns.out + q;
            y[yi] += x[xi] * w[wi];
            dx[xi] += dy[yi] * w[wi];
            dw[wi] += x[xi] * dy[yi];
          }),
        );
      }
  const rounding = taps === 9 ? 6 : 1; // Winograd's tiles round what they add up several times
  const activated = activation === 1 ? y.map((value) => (value < 0 ? 0 : value)) : y;
  expectKernel('conv2d', [x, w, b], [...attributes, activation], activated, rounding * inputs * taps);
  expectKernel('conv2dInputGradient', [dy, w], attributes, dx, rounding * outputs * taps);
  expectKernel('conv2dWeightGradient', [x, dy], attributes, dw, rounding * batch * outPlane);
}

interface Pooling {
  readonly planes: readonly [batch: number, channels: number];
  readonly rows: Axis;
  readonly columns: Axis;
  readonly spoil?: boolean;
}

/** Positions inside the plane of every window, in order. */
function windowsOf({ rows, columns }: Pooling): number[][] {
  const windows: number[][] = Array.from({ length: rows.out * columns.out }, () => []);
  walk(rows, (r, _, row) =>
    walk(columns, (c, _, column) => windows[r * columns.out + c].push(row * columns.size + column)),
  );
  return windows;
}

const poolingAttributes = ({ planes, rows, columns }: Pooling) => [
  ...planes,
  ...[rows.size, columns.size, rows.kernel, columns.kernel, rows.stride, columns.stride],
  ...[rows.pad, columns.pad, rows.dilation, columns.dilation, rows.out, columns.out],
];

function checkPooling(p: Pooling): void {
  const { planes, rows, columns } = p;
  const [count, plane, windows] = [planes[0] * planes[1], rows.size * columns.size, windowsOf(p)];
  const values = noise(count * plane, 1).map((value) => Math.round(value * 8) / 8);
  const x = unaligned(p.spoil ? spoiled(values) : values);
  const dy = unaligned(noise(count * windows.length, 2));
  const attributes = poolingAttributes(p);
  const [largest, places, dx] = [new Float64Array(dy.length), new Int32Array(dy.length), new Float64Array(x.length)];
  const means = [0, 1].map(() => ({ y: new Float64Array(dy.length), dx: new Float64Array(x.length) }));
  for (let n = 0; n < count; n++)
    windows.forEach((window, i) => {
      const at = n * windows.length + i;
      const place = window.reduce((best, k) => {
        const [value, record] = [x[n * plane + k], x[n * plane + best]];
        return value > record || (Number.isNaN(value) && !Number.isNaN(record)) ? k : best;
      }, window[0]);
      largest[at] = x[n * plane + place];
      places[at] = place;
      dx[n * plane + place] += dy[at];
      const [r, c] = [Math.floor(i / columns.out), i % columns.out];
      const within = (a: Axis, o: number) => Math.min(a.kernel, a.size + 2 * a.pad - o * a.stride);
      means.forEach((mean, countPadding) => {
        const divisor = countPadding ? within(rows, r) * within(columns, c) : window.length;
        for (const k of window) {
          mean.y[at] += x[n * plane + k] / divisor;
          mean.dx[n * plane + k] += dy[at] / divisor;
        }
      });
    });
  const [y, index] = [unwritten(dy.length), new Int32Array(dy.length).fill(-9)];
  launch('maxPool2d', [y, index, x], attributes);
  expect(y).toEqual(Float32Array.from(largest));
  expect(index).toEqual(places);
  expectKernel('maxPool2dGradient', [index, dy], attributes, dx, 4);
  if (rows.dilation > 1 || columns.dilation > 1) return;
  means.forEach((mean, countPadding) => {
    expectKernel('averagePool2d', [x], [...attributes, countPadding], mean.y, 4);
    expectKernel('averagePool2dGradient', [dy], [...attributes, countPadding], mean.dx, 4);
  });
}

if (addon) {
  test('convolutions of the training networks', () => {
    checkConvolution({ batch: 33, channels: [1, 6], rows: axis(28, 5, 1, 2), columns: axis(28, 5, 1, 2) });
    checkConvolution({ batch: 19, channels: [6, 16], rows: axis(14, 5), columns: axis(14, 5), activation: 1 });
    checkConvolution({ batch: 8, channels: [1, 32], rows: axis(28, 3), columns: axis(28, 3), activation: 1 });
    checkConvolution({ batch: 2, channels: [32, 40], rows: axis(26, 3), columns: axis(26, 3) });
    checkConvolution({ batch: 9, channels: [16, 32], rows: axis(14, 3, 2, 1), columns: axis(14, 3, 2, 1) });
  });

  // Few samples are convolved by columns, many with a sample in each lane.
  test.each([0, 1, 3, 7, 8, 9, 21])('convolutions of every geometry, batch %i', (batch) => {
    for (let i = 0; i < 36; i++) {
      const [groups, channels] = [i % 5 === 0 ? 3 : 1, [1 + (i % 3), 1 + (i % 7)] as const];
      const dilation = i % 4 === 0 ? 2 : 1;
      const rows = axis(4 + (i % 9), 1 + (i % 4), 1 + (i % 2), i % 2, dilation);
      const columns = axis(8 + (i % 11), 1 + (i % 7), i % 6 === 5 ? 3 : 1, (i >> 1) % 3, 1);
      checkConvolution({ batch, groups, channels, rows, columns });
    }
  });

  test('vectors of samples: windows of fewer taps at the edges of large planes, padding around small ones', () => {
    for (const batch of [16, 19, 33])
      for (const channels of [
        [4, 9],
        [7, 32],
      ] as const) {
        checkConvolution({ batch, channels, rows: axis(14, 3, 2, 1), columns: axis(14, 3, 2, 1), activation: 1 });
        checkConvolution({ batch, channels, rows: axis(15, 5, 2, 2), columns: axis(12, 3, 2, 1) });
        checkConvolution({ batch, channels, rows: axis(4, 3, 2, 1), columns: axis(5, 3, 1, 1) });
        checkConvolution({
          batch,
          groups: 2,
          channels,
          rows: axis(9, 4, 2, 3, 1, 1),
          columns: axis(11, 2, 3, 1, 1, 0),
        });
      }
  });

  test('padding on one side, beyond the kernel, and windows wholly in the padding', () => {
    for (const batch of [1, 9]) {
      checkConvolution({ batch, channels: [2, 3], rows: axis(7, 3, 1, 1, 1, 0), columns: axis(9, 2, 1, 0, 1, 3) });
      checkConvolution({ batch, channels: [2, 3], rows: axis(6, 3, 1, 5), columns: axis(6, 3, 1, 7) });
      checkConvolution({ batch, channels: [2, 3], rows: axis(3, 2, 1, 8, 8), columns: axis(3, 2, 1, 8, 8) });
    }
  });

  test('padding multiplies neither infinities nor NaN', () => {
    for (const batch of [1, 17])
      for (const pad of [0, 1])
        checkConvolution({
          batch,
          channels: [3, 4],
          rows: axis(6, 3, 1, pad),
          columns: axis(7, 3, 1, pad),
          spoil: true,
        });
  });

  // Channels, outputs and numbers of tiles on both sides of where tiles of 4 × 4 outputs are chosen, with 4, 8 and 16 lanes.
  test.each([
    { batch: 1, channels: [4, 8], size: 14, pad: 1 },
    { batch: 1, channels: [8, 8], size: 13, pad: 1 },
    { batch: 3, channels: [8, 16], size: 10, pad: 0 },
    { batch: 5, channels: [17, 19], size: 9, pad: 1 },
    { batch: 21, channels: [16, 9], size: 7, pad: 1 },
    { batch: 6, channels: [16, 16], size: 6, pad: 0 },
    { batch: 5, channels: [16, 16], size: 6, pad: 0 },
    { batch: 17, channels: [16, 16], size: 5, pad: 0 },
    { batch: 17, channels: [16, 16], size: 4, pad: 0 },
    { batch: 2, channels: [12, 33], size: 21, pad: 2 },
    { batch: 2, channels: [16, 16], groups: 3, size: 12, pad: 1 },
    { batch: 0, channels: [16, 16], size: 12, pad: 1 },
    { batch: 1, channels: [128, 32], size: 8, pad: 1 },
    { batch: 2, channels: [128, 32], size: 8, pad: 1 },
  ] as const)('convolutions by tiles, and beside them: %j', ({ batch, channels, size, pad, ...more }) => {
    const shape = { batch, channels, rows: axis(size, 3, 1, pad), columns: axis(size + 3, 3, 1, pad), ...more };
    checkConvolution({ ...shape, activation: 1 });
    checkConvolution({ ...shape, columns: axis(size, 3, 1, pad, 1, 0) });
    checkConvolution({ ...shape, spoil: true });
  });

  test('tiles that overflow where the sums do not', () => {
    const [x, w, b, y] = [2304, 2304, 16, 1600].map((n) => new Float32Array(n));
    x.fill(3e38, 0, 144);
    w.fill(2 ** -20);
    launch('conv2d', [y, x, w, b], [1, 16, 12, 12, 16, 3, 3, 1, 1, 0, 0, 1, 1, 1, 10, 10, 0]);
    for (const value of y) expect(value / (9 * 2 ** -20 * 3e38)).toBeCloseTo(1, 5);
  });

  test.each([false, true])('pooling of every geometry (infinities and NaN: %s)', (spoil) => {
    for (const planes of [
      [0, 3],
      [1, 1],
      [2, 5],
      [3, 8],
    ] as const) {
      checkPooling({ planes, rows: axis(28, 2, 2), columns: axis(28, 2, 2), spoil });
      checkPooling({ planes, rows: axis(10, 2, 2), columns: axis(11, 2, 2), spoil });
      checkPooling({ planes, rows: axis(9, 3, 2, 1), columns: axis(8, 3, 2, 1), spoil });
      checkPooling({ planes, rows: axis(9, 3, 1), columns: axis(8, 2, 3), spoil });
      checkPooling({ planes, rows: axis(9, 3, 1, 1, 2), columns: axis(8, 2, 1), spoil });
    }
  });

  test('the gradient of pooling takes any index in the plane', () => {
    const p = { planes: [1, 2], rows: axis(4, 2, 2), columns: axis(4, 2, 2) } as const;
    const dx = unwritten(32);
    const index = Int32Array.of(0, 0, 15, 3, 9, 8, 8, 8);
    launch('maxPool2dGradient', [dx, index, noise(8)], poolingAttributes(p));
    const expected = new Float32Array(32);
    noise(8).forEach((value, i) => {
      expected[16 * Math.floor(i / 4) + index[i]] += value;
    });
    expect(dx).toEqual(expected);
    index[5] = 16;
    const outside = () => launch('maxPool2dGradient', [dx, index, noise(8)], poolingAttributes(p));
    expect(outside).toThrow('index 16 at position 5 is outside 0…15');
  });

  test('sizes that the buffers do not have are refused', () => {
    const g = [1, 2, 3, 3, 2, 2, 2, 1, 1, 0, 0, 1, 1, 1, 2, 2];
    const [x, w, b, y] = [18, 16, 2, 8].map((n) => new Float32Array(n));
    expectLengthsChecked('conv2d', [y, x, w, b], [...g, 0]);
    expectLengthsChecked('conv2dInputGradient', [x, y, w], g);
    expectLengthsChecked('conv2dWeightGradient', [w, x, y], g);
    const p = [1, 2, 3, 3, 2, 2, 1, 1, 0, 0, 1, 1, 2, 2];
    expectLengthsChecked('maxPool2d', [y, new Int32Array(8), x], p);
    expectLengthsChecked('maxPool2dGradient', [x, new Int32Array(8), y], p);
    expectLengthsChecked('averagePool2d', [y, x], [...p, 0]);
    expectLengthsChecked('averagePool2dGradient', [x, y], [...p, 0]);
    const withAttribute = (at: number, value: number) => () =>
      launch('conv2dInputGradient', [x, y, w], Object.assign([...g], { [at]: value }));
    expect(withAttribute(7, 0)).toThrow('strideHeight is 0; it must be a whole number from 1 on');
    expect(withAttribute(9, -1)).toThrow('padTop is -1');
    expect(withAttribute(12, 2 ** 40)).toThrow('dilationWidth');
    expect(withAttribute(13, 4)).toThrow('4 groups do not divide 2 and 2 channels');
  });
} else {
  test('there is no library to test here', () => expect(addon).toBeUndefined());
}
