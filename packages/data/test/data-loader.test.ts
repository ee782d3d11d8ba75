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

  it('refuses options that it does not have', () => {
    expect(() => new DataLoader(numbers(3), { batchSize: 1, shufle: true } as { batchSize: 1 })).toThrow(
      'DataLoader has no option "shufle"; it has batchSize, shuffle',
    );
    expect(() => new DataLoader(numbers(3), { batchSize: 1, prefetch: -1 })).toThrow(
      'prefetch is a whole number from 0',
    );
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

describe('prefetch', () => {
  /** Says which batches have been begun. */
  const watched = (n: number, { failing = -1 } = {}) => {
    const begun: number[] = [];
    const data = numbers(n);
    const batch = (indices: Int32Array) => {
      begun.push(indices[0]);
      if (indices[0] === failing) throw new Error(`sample ${failing} is broken`);
      return data.batch(indices);
    };
    return { begun, dataset: { length: n, get: (i: number) => data.get(i), batch } };
  };
  const idle = async () => {
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  };

  it('makes a bounded number of batches ahead while a step runs', async () => {
    const { begun, dataset } = watched(10);
    const ahead: number[][] = [];
    for await (const { y } of new DataLoader(dataset, { batchSize: 1, prefetch: 3 })) {
      await idle();
      ahead.push(begun.filter((i) => i > y.item()));
    }
    expect(ahead.slice(0, 3)).toEqual([
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
    ]);
    expect(ahead.slice(-3)).toEqual([[8, 9], [9], []]);
  });

  it('makes none ahead unless told to', async () => {
    const { begun, dataset } = watched(5);
    for await (const { y } of new DataLoader(dataset, { batchSize: 1 })) {
      await idle();
      expect(begun.at(-1)).toBe(y.item());
    }
  });

  it.each([1, 2, 7])('of %i gives the same batches in the same order, from any batch on', async (prefetch) => {
    manualSeed(4);
    const options = { batchSize: 3, shuffle: true };
    const expected = labelsOf(new DataLoader(numbers(20), options).batches({ start: 2 }));
    const loader = new DataLoader(numbers(20), { ...options, prefetch });
    const batches: Sample[] = [];
    for await (const batch of loader.asyncBatches({ start: 2 })) batches.push(batch);
    expect(labelsOf(batches)).toEqual(expected);
    expect(loader.epoch).toBe(1);
  });

  it('an error reaches the consumer at its batch, after those before it, and nothing is begun after it', async () => {
    const { begun, dataset } = watched(10, { failing: 4 });
    const loader = new DataLoader(dataset, { batchSize: 1, prefetch: 6 });
    const seen: number[] = [];
    const loop = async () => {
      for await (const { y } of loader) {
        await idle();
        seen.push(y.item());
      }
    };
    await expect(loop()).rejects.toThrow('sample 4 is broken');
    expect([seen, begun, loader.epoch]).toEqual([[0, 1, 2, 3], [0, 1, 2, 3, 4], 0]);
  });

  it('stops when the consumer does', async () => {
    const { begun, dataset } = watched(10);
    for await (const _ of new DataLoader(dataset, { batchSize: 1, prefetch: 4 })) break;
    await idle();
    expect(begun.length).toBeLessThan(3);
  });

  it.each([0, 2])('%i: samples that are promises are awaited', async (prefetch) => {
    const { get, length } = numbers(5);
    const slow = mapDataset({ length, get: get.bind(numbers(5)) }, async (sample, i) => {
      await new Promise((resolve) => setTimeout(resolve, 5 - i));
      if (i === 4) throw new Error('no file 4');
      return sample;
    });
    const loader = new DataLoader(slow, { batchSize: 2, prefetch });
    const seen: number[][] = [];
    const loop = async () => {
      for await (const { y } of loader) seen.push(Array.from(y.data));
    };
    await expect(loop()).rejects.toThrow('no file 4');
    expect(seen).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(() => [...loader]).toThrow("the dataset's samples are promises; go through it with for await");
  });
});
