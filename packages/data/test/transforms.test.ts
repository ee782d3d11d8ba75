import { readFileSync } from 'node:fs';
import { manualSeed, ShapeError, type Tensor, tensor } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ColorJitter,
  Cutout,
  DataLoader,
  type Draw,
  Normalize,
  RandomAffine,
  RandomCrop,
  RandomHorizontalFlip,
  Resize,
  splitDataset,
  statistics,
  TensorDataset,
  type Transform,
} from '../src/index.js';

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}
/** What PyTorch computes; made by tools/golden/data.py. */
const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as {
  readonly image: Numbers;
  readonly resized: { readonly size: [number, number]; readonly y: Numbers }[];
  readonly moved: { degrees: number; translate: number; scale: number; shear: number; y: Numbers }[];
  readonly jittered: Record<'brightness' | 'contrast' | 'saturation', Numbers>;
  readonly statistics: { readonly mean: number[]; readonly deviation: number[] };
};
const image = tensor(golden.image.data, { shape: golden.image.shape });

function expectClose(y: Tensor, { shape, data }: Numbers): void {
  expect(y.shape).toEqual(shape);
  const worst = Math.max(...data.map((value, i) => Math.abs(value - y.data[i])));
  expect(worst).toBeLessThan(3e-6);
}

/** Draws that give every sample the same numbers. */
const always =
  (n: number, ...numbers: number[]): Draw =>
  (count) =>
    Array.from({ length: n }, () => Float64Array.from(numbers).subarray(0, count));

/** The largest number below 1 that a draw gives. */
const almost = 1 - 2 ** -24;
const ramp = (n: number, height: number, width: number) =>
  tensor(
    Float32Array.from({ length: n * height * width }, (_, i) => i + 1),
    { shape: [n, 1, height, width] },
  );

describe('as PyTorch computes them', () => {
  it.each(golden.resized)('Resize to $size', ({ size, y }) => {
    expectClose(new Resize({ size }).apply(image), y);
  });

  it.each(golden.moved)('RandomAffine by $degrees°, $translate, × $scale, shear $shear°', (move) => {
    const { degrees, translate, scale, shear, y } = move;
    const transform = new RandomAffine({ degrees, translate, scale: [scale, scale], shear });
    expectClose(transform.apply(image, always(2, 1, 1, 1, 1, 1)), y);
  });

  it.each(['brightness', 'contrast', 'saturation'] as const)('ColorJitter of the %s', (kind) => {
    const transform = new ColorJitter({ [kind]: 0.4 });
    expectClose(transform.apply(image, always(2, 1, 1, 1)), golden.jittered[kind]);
  });

  it('statistics of each channel', () => {
    const { mean, deviation } = statistics(image, { per: 'channel' });
    mean.forEach((value, k) => {
      expect(value).toBeCloseTo(golden.statistics.mean[k], 6);
    });
    deviation.forEach((value, k) => {
      expect(value).toBeCloseTo(golden.statistics.deviation[k], 6);
    });
  });
});

describe('RandomCrop', () => {
  it('takes every window of a padded image, and no other', () => {
    const crop = new RandomCrop({ padding: 1, fill: 9 });
    const x = ramp(1, 2, 2);
    const seen = new Set<string>();
    for (const u of [0, 0.4, almost])
      for (const v of [0, 0.4, almost]) seen.add(Array.from(crop.apply(x, always(1, u, v)).data).join(''));
    expect([...seen].sort()).toEqual(['9991', '9912', '9929', '9193', '1234', '2949', '9399', '3499', '4999'].sort());
  });

  it('takes a smaller window of its own from each image', () => {
    const draw: Draw = () => [Float64Array.of(0, 0), Float64Array.of(almost, almost)];
    const y = new RandomCrop({ size: [1, 2] }).apply(ramp(2, 2, 3), draw);
    expect(y.toArray()).toEqual([[[[1, 2]]], [[[11, 12]]]]);
  });

  it('refuses a window larger than the image', () => {
    expect(() => new RandomCrop({ size: 5, padding: 1 }).apply(ramp(1, 2, 4), always(1, 0, 0))).toThrow(
      'RandomCrop: images of 2 × 4 with 1 of padding have no window of 5 × 5; use a smaller size.',
    );
  });
});

it('RandomHorizontalFlip mirrors those that are drawn, exactly', () => {
  const draw: Draw = () => [Float64Array.of(0.3), Float64Array.of(0.31)];
  const y = new RandomHorizontalFlip({ probability: 0.305 }).apply(ramp(2, 1, 3), draw);
  expect(y.toArray()).toEqual([[[[3, 2, 1]]], [[[4, 5, 6]]]]);
});

it('draws are even from 0 to 1', () => {
  manualSeed(3);
  const shifts: number[] = [];
  const spot: Transform = {
    apply(x, draw) {
      shifts.push(...draw(1).map(([u]) => u));
      return x;
    },
  };
  const data = new TensorDataset({ x: ramp(2000, 1, 1), y: tensor(new Int32Array(2000)) });
  for (const _ of new DataLoader(data, { batchSize: 100, transforms: [spot] }));
  const mean = shifts.reduce((sum, u) => sum + u, 0) / shifts.length;
  const square = shifts.reduce((sum, u) => sum + u * u, 0) / shifts.length;
  expect([shifts.length, Math.min(...shifts) >= 0, Math.max(...shifts) < 1]).toEqual([2000, true, true]);
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.02);
  expect(Math.abs(square - 1 / 3)).toBeLessThan(0.02);
});

it('Cutout covers a square, and at the border what lies inside', () => {
  const cut = (row: number, column: number) =>
    new Cutout({ size: 2, fill: 0 }).apply(ramp(1, 3, 3), always(1, row, column)).toArray();
  expect(cut(0.5, 0.5)).toEqual([
    [
      [
        [0, 0, 3],
        [0, 0, 6],
        [7, 8, 9],
      ],
    ],
  ]);
  expect(cut(0, almost)).toEqual([
    [
      [
        [1, 0, 0],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ],
  ]);
});

describe('Normalize', () => {
  const table = tensor([
    [1, 10, 5],
    [3, 30, 5],
    [100, -7, 5],
  ]);
  const y = tensor(new Int32Array(3));

  it('is fitted on the training part, travels as JSON, and can be inverted', () => {
    const data = new TensorDataset({ x: table, y });
    const train = { length: 2, get: (i: number) => data.get(i) };
    const fitted = statistics(train, { per: 'channel' });
    expect(fitted).toEqual({ mean: [2, 20, 5], deviation: [1, 10, 1] });
    const normalize = new Normalize(JSON.parse(JSON.stringify(new Normalize(fitted).options)));
    const z = normalize.apply(table);
    expect(z.toArray()).toEqual([
      [-1, -1, 0],
      [1, 1, 0],
      [98, expect.closeTo(-2.7), 0],
    ]);
    normalize.invert(z).data.forEach((value, i) => {
      expect(value).toBeCloseTo(table.data[i], 4);
    });
  });

  it('sees the samples of a part alone', () => {
    const data = new TensorDataset({ x: ramp(600, 1, 1), y: tensor(new Int32Array(600)) });
    const [train] = splitDataset(data, [400, 200]);
    const values = Array.from({ length: 400 }, (_, i) => train.get(i).x.item());
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    expect(statistics(train).mean).toBeCloseTo(mean, 9);
    expect(mean).not.toBeCloseTo(300.5, 2);
  });

  it('refuses what it cannot use', () => {
    expect(() => new Normalize({ mean: 0, deviation: [1, 0] })).toThrow('a deviation of 1,0 cannot be divided by');
    expect(() => new Normalize({ mean: Number.NaN, deviation: 1 })).toThrow('a mean of NaN is no number');
    expect(() => new Normalize({ mean: [1, 2], deviation: 1 }).apply(table)).toThrow(
      'mean has 2 numbers for 3 channels',
    );
    expect(() => statistics(tensor([[1, Number.NaN]]))).toThrow('x is NaN in sample 0 at [1]');
    expect(() => statistics(tensor(new Float32Array(0)))).toThrow('statistics: there are no samples');
  });
});

it.each([
  ['RandomCrop', new RandomCrop()],
  ['RandomHorizontalFlip', new RandomHorizontalFlip()],
  ['RandomAffine', new RandomAffine({})],
  ['ColorJitter', new ColorJitter({})],
  ['Cutout', new Cutout({ size: 1 })],
  ['Resize', new Resize({ size: 1 })],
])('%s refuses what are no images', (name, transform: Transform) => {
  expect(() => transform.apply(tensor([[1, 2]]), always(1))).toThrow(ShapeError);
  expect(() => transform.apply(tensor([[1, 2]]), always(1))).toThrow(
    `${name}: x is [1, 2] f32; it takes floats [batch`,
  );
});

it.each([
  [() => new RandomCrop({ size: 0 }), 'RandomCrop: size is a whole number from 1'],
  [() => new RandomCrop({ padding: -1 }), 'RandomCrop: padding is a whole number from 0'],
  [() => new RandomHorizontalFlip({ probability: 2 }), 'probability is a number from 0 to 1'],
  [() => new RandomAffine({ degrees: -3 }), 'degrees is a number from 0 to 180'],
  [() => new RandomAffine({ scale: [2, 1] }), 'scale is [smallest, largest], both above 0, not [2, 1]'],
  [() => new ColorJitter({ contrast: -1 }), 'contrast is a finite number, 0 or more'],
  [() => new Cutout({ size: 1.5 }), 'Cutout: size is a whole number from 1'],
  [() => new Resize({ size: [3, 0] }), 'Resize: size is a whole number from 1'],
  [() => new RandomCrop({ pad: 2 } as object), 'RandomCrop has no option "pad"; it has size, padding, fill'],
])('refuses options of no sense: %#', (make, message) => {
  expect(make).toThrow(message);
});

describe('in a DataLoader', () => {
  beforeEach(() => manualSeed(1));
  const data = new TensorDataset({ x: ramp(12, 4, 4), y: tensor(Int32Array.from({ length: 12 }, (_, i) => i)) });
  const transforms = [new RandomCrop({ padding: 2 }), new RandomHorizontalFlip(), new Cutout({ size: 2 })];
  const options = { batchSize: 4, shuffle: true, transforms };
  /** Each sample's numbers, by its label. */
  const epochOf = (loader: Iterable<{ x: Tensor; y: Tensor }>) => {
    const samples: string[] = [];
    for (const { x, y } of loader)
      for (let i = 0; i < y.size; i++) samples[y.data[i]] = x.data.slice(16 * i, 16 * i + 16).join();
    return samples;
  };

  it('epochs are functions of the seed and the epoch', () => {
    const loader = new DataLoader(data, options);
    const [first, second] = [epochOf(loader), epochOf(loader)];
    expect(second).not.toEqual(first);
    loader.epoch = 0;
    expect(epochOf(loader)).toEqual(first);
    manualSeed(2);
    loader.epoch = 0;
    expect(epochOf(loader)).not.toEqual(first);
  });

  it('a sample is changed alike in every order and batch size, and differs from its neighbours', () => {
    const first = epochOf(new DataLoader(data, options));
    expect(epochOf(new DataLoader(data, { batchSize: 5, transforms }))).toEqual(first);
    const same = new TensorDataset({ x: tensor(new Float32Array(192).fill(1), { shape: [12, 1, 4, 4] }), y: data.y });
    expect(new Set(epochOf(new DataLoader(same, options))).size).toBeGreaterThan(6);
  });

  it('an interrupted epoch goes on as it would have', () => {
    const whole = Array.from(new DataLoader(data, options), ({ x }) => x.data);
    const rest = Array.from(new DataLoader(data, options).batches({ start: 1 }), ({ x }) => x.data);
    expect(rest).toEqual(whole.slice(1));
  });

  it('change the inputs that they are given for, by name', () => {
    const pair = new TensorDataset({ x: { left: ramp(3, 1, 2), right: ramp(3, 1, 2) }, y: tensor(new Int32Array(3)) });
    const flip = new RandomHorizontalFlip({ probability: 1 });
    const [{ x }] = new DataLoader(pair, { batchSize: 1, transforms: { right: [flip] } });
    expect([x.left.toArray(), x.right.toArray()]).toEqual([[[[[1, 2]]]], [[[[2, 1]]]]]);
    expect(() => [...new DataLoader(pair, { batchSize: 1, transforms: [flip] })]).toThrow(
      'give those of several by name',
    );
    expect(() => [...new DataLoader(pair, { batchSize: 1, transforms: { middle: [flip] } })]).toThrow(
      'transforms for "middle", which x does not have; x has left, right',
    );
    expect(() => [...new DataLoader(data, { batchSize: 1, transforms: { left: [flip] } })]).toThrow('x is one tensor');
  });
});
