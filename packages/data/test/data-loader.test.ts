import { manualSeed, permutation, tensor } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, DataLoader, type Dataset, mapDataset, type Sample, TensorDataset } from '../src/index.js';

const numbers = (n: number) => {
  const values = Float32Array.from({ length: n }, (_, i) => i);
  return new TensorDataset({ x: tensor(values, { shape: [n, 1] }), y: tensor(Int32Array.from(values)) });
};
const labelsOf = (batches: Iterable<Sample>) =>
  Array.from(batches, ({ y }) => Array.from((y as { data: Int32Array }).data));

describe('DataLoader', () => {
  beforeEach(() => manualSeed(1));

  it('goes through the dataset in order, and keeps a short last batch', () => {
    const loader = new DataLoader(numbers(7), { batchSize: 3 });
    expect([loader.length, loader.samples]).toEqual([3, 7]);
    expect(labelsOf(loader)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it('drops a short last batch when told to', () => {
    const loader = new DataLoader(numbers(7), { batchSize: 3, dropLast: true });
    expect([loader.length, loader.samples]).toEqual([2, 6]);
    expect(labelsOf(loader)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  it("gives the whole dataset as one batch for 'all'", () => {
    const loader = new DataLoader(numbers(5), { batchSize: 'all' });
    expect(labelsOf(loader)).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('shuffles anew each epoch, as the seed and the epoch say', () => {
    const loader = new DataLoader(numbers(50), { batchSize: 8, shuffle: true });
    const [first, second] = [labelsOf(loader).flat(), labelsOf(loader).flat()];
    expect(loader.epoch).toBe(2);
    expect(first).toEqual(Array.from(permutation(50, 0)));
    expect(second).toEqual(Array.from(permutation(50, 1)));
    expect(second).not.toEqual(first);
    expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    loader.epoch = 0;
    expect(labelsOf(loader).flat()).toEqual(first);
    manualSeed(2);
    loader.epoch = 0;
    expect(labelsOf(loader).flat()).not.toEqual(first);
  });

  it('goes on with an interrupted epoch', () => {
    const loader = new DataLoader(numbers(20), { batchSize: 3, shuffle: true });
    loader.epoch = 4;
    const whole = labelsOf(loader);
    loader.epoch = 4;
    const seen: number[][] = [];
    for (const { y } of loader) {
      seen.push(Array.from(y.data));
      if (seen.length === 3) break;
    }
    expect(loader.epoch).toBe(4);
    const rest = new DataLoader(numbers(20), loader.options);
    rest.epoch = 4;
    expect([...seen, ...labelsOf(rest.batches({ start: 3 }))]).toEqual(whole);
    expect(labelsOf(rest.batches({ start: 7 }))).toEqual([]);
    expect(() => [...rest.batches({ start: 8 })]).toThrow('an epoch of 7 batches cannot start at batch 8');
  });

  it('gives the same batches asynchronously', async () => {
    const loader = new DataLoader(numbers(7), { batchSize: 3 });
    const batches: Sample[] = [];
    for await (const batch of loader) batches.push(batch);
    expect(labelsOf(batches)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(loader.epoch).toBe(1);
  });

  it('collates what a dataset gives one by one', () => {
    const squares: Dataset<{ x: ReturnType<typeof tensor>; y: number }> = {
      length: 3,
      get: (i) => ({ x: tensor([i, i * i]), y: i }),
    };
    const [{ x, y }] = [...new DataLoader(squares, { batchSize: 3 })];
    expect(x.toArray()).toEqual([
      [0, 0],
      [1, 1],
      [2, 4],
    ]);
    expect([y.dtype, y.toArray()]).toEqual(['i32', [0, 1, 2]]);
  });

  it('uses the collate function given', () => {
    const sums = new DataLoader(numbers(4), {
      batchSize: 2,
      collate: (samples) => ({ x: samples[0].x, y: tensor([samples.reduce((sum, { y }) => sum + y.item(), 0)]) }),
    });
    expect(Array.from(sums, ({ y }) => y.item())).toEqual([1, 5]);
  });

  it('names the sample that does not fit its batch', () => {
    const ragged = mapDataset(numbers(6), ({ y }, i) => ({ x: tensor(Array(i === 5 ? 3 : 2).fill(0)), y }));
    const loader = new DataLoader(ragged, { batchSize: 3 });
    expect(() => [...loader]).toThrow(
      'x of sample 5 is [3] f32, but x of sample 3 is [2] f32; a batch needs equal ones',
    );
    const halves = mapDataset(numbers(6), ({ x }, i) => ({ x, y: i / 2 }));
    expect(() => [...new DataLoader(halves, { batchSize: 2 })]).toThrow(
      'y of sample 1 is 0.5; plain numbers are class',
    );
    const text = mapDataset(numbers(2), () => ({ x: 'cat' }));
    expect(() => [...new DataLoader(text, { batchSize: 2 })]).toThrow('x of sample 0 is a string; samples are made of');
  });

  it.each([0, -1, 2.5, Number.NaN])('refuses a batchSize of %s', (batchSize) => {
    expect(() => new DataLoader(numbers(3), { batchSize })).toThrow(`a batchSize of ${batchSize}; use a whole number`);
  });

  it('refuses to give no batch at all', () => {
    expect(() => new DataLoader(numbers(3), { batchSize: 4, dropLast: true })).toThrow(
      '3 samples do not fill a batch of 4',
    );
    expect(() => new DataLoader(numbers(0), { batchSize: 4 })).toThrow(DataError);
  });
});
