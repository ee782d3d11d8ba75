import {
  backward,
  fill,
  manualSeed,
  multiply,
  negate,
  normal,
  ones,
  Parameter,
  type Shape,
  stridesOf,
  sum,
  type Tensor,
  tensor,
  uniform,
} from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';

beforeEach(() => manualSeed(21));

type Options = Readonly<Record<string, unknown>>;
const makers = layers as unknown as Record<string, new (options: Options) => layers.AnyModule>;
const make = (kind: string, options: Options) => {
  const layer = new makers[kind](options);
  return { layer, run: (x: Tensor) => layer.run(x) as Tensor };
};
const gradientOf = (x: Tensor, run: (x: Tensor) => Tensor) => {
  const leaf = new Parameter(x);
  return backward(sum(run(leaf))).of(leaf).data;
};

/** Every so many-th element along each of the last axes: [..., H, W] with [2, 3] → [..., ⌈H/2⌉, ⌈W/3⌉]. */
function everyNth(x: Tensor, steps: readonly number[]): number[] {
  const all = [...x.shape.slice(0, -steps.length).map(() => 1), ...steps];
  const strides = stridesOf(x.shape);
  const kept = [...x.data.keys()].filter((i) =>
    all.every((step, axis) => (Math.floor(i / strides[axis]) % x.shape[axis]) % step === 0),
  );
  return kept.map((i) => x.data[i]);
}

describe('trap: only stride[0] used', () => {
  it.each<[kind: string, options: Options, shape: Shape, stride: readonly number[]]>([
    ['Conv1d', { outChannels: 2, kernelSize: 3, padding: [2, 0] }, [2, 3, 9], [3]],
    ['Conv2d', { outChannels: 2, kernelSize: [3, 2], padding: [1, 0, 2, 1], dilation: [1, 2] }, [2, 3, 9, 8], [2, 3]],
    ['Conv2d', { outChannels: 2, kernelSize: [3, 2], groups: 2 }, [2, 4, 9, 8], [1, 4]],
    ['Conv3d', { outChannels: 2, kernelSize: [2, 3, 1], padding: [0, 1, 2] }, [1, 2, 5, 6, 7], [2, 1, 3]],
    ['Conv3d', { outChannels: 2, kernelSize: 2, dilation: [1, 3, 2] }, [1, 2, 5, 6, 7], [1, 2, 3]],
    ['MaxPool1d', { kernelSize: 3, padding: 1 }, [2, 3, 9], [2]],
    ['MaxPool2d', { kernelSize: [3, 2], padding: [1, 0] }, [2, 3, 9, 8], [1, 3]],
    ['MaxPool3d', { kernelSize: [2, 3, 4], padding: [1, 0, 2] }, [1, 2, 5, 6, 7], [1, 2, 3]],
    ['AvgPool1d', { kernelSize: 3, padding: 1 }, [2, 3, 9], [2]],
    ['AvgPool2d', { kernelSize: [3, 2], padding: [1, 0] }, [2, 3, 9, 8], [2, 3]],
    ['AvgPool3d', { kernelSize: [2, 3, 4], padding: [1, 0, 2] }, [1, 2, 5, 6, 7], [3, 1, 2]],
  ])('%s %o on %o moves by its own stride in each direction', (kind, options, shape, stride) => {
    const whole = make(kind, { ...options, stride: 1 });
    const strided = make(kind, { ...options, stride: stride.length === 1 ? stride[0] : stride });
    const x = normal(shape);
    const expected = everyNth(whole.run(x), stride);
    strided.layer.build(shape.slice(1)).loadStateDict(whole.layer.stateDict());
    const y = strided.run(x);
    expect(y.data.length).toBe(expected.length);
    y.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });
});

describe('convolutions', () => {
  const cases: Options[] = [
    { kernelSize: 3 },
    { kernelSize: [2, 3], stride: [2, 3], padding: [1, 0], dilation: [2, 1] },
    { kernelSize: [3, 2], stride: [1, 2], padding: [1, 0, 0, 1], groups: 2 },
  ];

  it.each(cases)('trap: not the adjoint of Conv2d: ⟨conv x, y⟩ = ⟨x, convᵀ y⟩, %o', (options) => {
    const conv = new layers.Conv2d({ ...(options as { kernelSize: number }), outChannels: 6, bias: false });
    const x = normal([2, 4, 7, 9]);
    const convolved = conv.run(x);
    const y = normal(convolved.shape);
    const spread = (outputPadding: readonly [number, number]) => {
      const size = { ...(options as { kernelSize: number }), outChannels: 4, bias: false };
      const layer = new layers.ConvTranspose2d({ ...size, outputPadding });
      return layer.build(y.shape.slice(1)).loadStateDict(conv.stateDict()).run(y);
    };
    const short = spread([0, 0]).shape;
    const back = spread([x.shape[2] - short[2], x.shape[3] - short[3]]);
    expect(sum(multiply(x, back)).item()).toBeCloseTo(sum(multiply(convolved, y)).item(), 2);
  });

  it.each([
    ['ConvTranspose2d', [4, 4]],
    ['Conv1d', [4]],
    ['Conv2d', [4, 4]],
    ['Conv3d', [4, 4, 4]],
  ])('trap: bias gradient overwritten: in %s it is the sum over all images and places', (kind, places) => {
    const { layer, run } = make(kind, { outChannels: 2, kernelSize: 2 });
    const y = run(normal([3, 2, ...places]));
    const dy = normal(y.shape);
    const bias = layer.namedParameters().get('bias') as Parameter;
    const gradient = backward(y, { seed: dy }).of(bias).data;
    const count = y.size / 6;
    for (const channel of [0, 1]) {
      const own = dy.data.filter((_, i) => Math.floor(i / count) % 2 === channel);
      expect(gradient[channel]).toBeCloseTo(sum(tensor(own)).item(), 4);
    }
  });
});

describe('trap: overlapping windows must add gradients', () => {
  it.each([1, 2, 3])('MaxPool%id: a value that wins in several windows gets the gradient of each', (directions) => {
    const { run } = make(`MaxPool${directions}d`, { kernelSize: 3, stride: 1 });
    const size = 5 ** directions;
    const middle = (size - 1) / 2;
    const x = tensor(
      Float32Array.from({ length: size }, (_, i) => (i === middle ? 1 : 0)),
      { shape: [1, 1, ...new Array<number>(directions).fill(5)] },
    );
    const gradient = gradientOf(x, run);
    expect(gradient[middle]).toBe(3 ** directions);
    expect(sum(tensor(gradient)).item()).toBe(3 ** directions);
  });

  it.each([1, 2, 3])('AvgPool%id: an element gets a share from each window that it lies in', (directions) => {
    const { run } = make(`AvgPool${directions}d`, { kernelSize: 3, stride: 1 });
    const shape = new Array<number>(directions).fill(5);
    const gradient = gradientOf(normal([1, 1, ...shape]), run);
    const windows = [1, 2, 3, 2, 1];
    const strides = stridesOf(shape);
    gradient.forEach((value, i) => {
      const shares = strides.map((stride) => windows[Math.floor(i / stride) % 5] / 3);
      expect(value).toBeCloseTo(
        shares.reduce((product, share) => product * share, 1),
        6,
      );
    });
  });

  it('AdaptiveAvgPool1d: three windows of two over four elements share the middle ones', () => {
    const gradient = gradientOf(normal([1, 1, 4]), make('AdaptiveAvgPool1d', { outputSize: 3 }).run);
    expect([...gradient]).toEqual([0.5, 1, 1, 0.5]);
  });
});

describe('trap: max pooling must not pad with zeros', () => {
  it.each([1, 2, 3])('MaxPool%id of negative numbers is negative at the edges too', (directions) => {
    const { run } = make(`MaxPool${directions}d`, { kernelSize: 3, stride: 2, padding: 1, ceilMode: true });
    const x = negate(uniform([2, 2, ...new Array<number>(directions).fill(6)], { low: 1, high: 2 }));
    const largest = run(x).data;
    expect(Math.max(...largest)).toBeLessThan(0);
    expect([...largest].every((value) => x.data.includes(value))).toBe(true);
  });
});

describe("trap: averages count as PyTorch's do", () => {
  it.each([1, 2, 3])(
    'AvgPool%id divides by the whole window, padding included, unless told otherwise',
    (directions) => {
      const x = ones([1, 1, ...new Array<number>(directions).fill(3)]);
      const options = { kernelSize: 3, stride: 1, padding: 1 };
      const counted = make(`AvgPool${directions}d`, options).run(x);
      expect(counted.data[0]).toBeCloseTo((2 / 3) ** directions, 6);
      expect(counted.data[(counted.size - 1) / 2]).toBeCloseTo(1, 6);
      const uncounted = make(`AvgPool${directions}d`, { ...options, countPadding: false }).run(x);
      for (const value of uncounted.data) expect(value).toBeCloseTo(1, 6);
    },
  );

  it.each([1, 2, 3])('AvgPool%id does not count what ceil mode adds beyond the padding', (directions) => {
    const x = fill([1, 1, ...new Array<number>(directions).fill(5)], 2);
    const { run } = make(`AvgPool${directions}d`, { kernelSize: 2, ceilMode: true });
    for (const value of run(x).data) expect(value).toBeCloseTo(2, 6);
  });

  it('windows of AdaptiveAvgPool2d divide by their own sizes', () => {
    const y = make('AdaptiveAvgPool2d', { outputSize: [2, 3] }).run(fill([1, 1, 5, 7], 3));
    for (const value of y.data) expect(value).toBeCloseTo(3, 6);
  });
});

describe('Upsample', () => {
  const x = tensor([[[[1, 2, 4]]]]);

  it('repeats the nearest pixels', () => {
    expect([...make('Upsample', { scaleFactor: [1, 2] }).run(x).data]).toEqual([1, 1, 2, 2, 4, 4]);
  });

  it('lets corners lie on each other, and with alignCorners the middles of corner pixels', () => {
    const run = (options: Options) => [...make('Upsample', { size: [1, 5], mode: 'bilinear', ...options }).run(x).data];
    run({}).forEach((value, i) => {
      expect(value).toBeCloseTo([1, 1.4, 2, 3.2, 4][i], 6);
    });
    expect(run({ alignCorners: true })).toEqual([1, 1.5, 2, 3, 4]);
  });

  it('keeps what is not a number where it is', () => {
    const y = make('Upsample', { scaleFactor: 2 }).run(tensor([[[[Number.NaN, 1]]]]));
    expect([...y.data]).toEqual([Number.NaN, Number.NaN, 1, 1, Number.NaN, Number.NaN, 1, 1]);
  });
});
