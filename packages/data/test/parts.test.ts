import { manualSeed, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  concatDatasets,
  DataLoader,
  type Dataset,
  mapDataset,
  splitDataset,
  subset,
  TensorDataset,
} from '../src/index.js';

const numbers = (n: number, from = 0) => {
  const y = tensor(Int32Array.from({ length: n }, (_, i) => from + i));
  return new TensorDataset({ x: y, y });
};
const valuesOf = ({ length, get }: Dataset<{ y: { item(): number } }, unknown>) =>
  Array.from({ length }, (_, i) => get(i).y.item());
const all = (dataset: TensorDataset | Dataset<ReturnType<TensorDataset['get']>, unknown>) =>
  valuesOf({ length: dataset.length, get: (i) => dataset.get(i) });

describe('subset', () => {
  it('takes positions in the order given, in single samples and in batches', () => {
    const picked = subset(numbers(10), [7, 2, 2]);
    expect(all(picked)).toEqual([7, 2, 2]);
    expect(picked.batch?.(Int32Array.of(1, 0)).y.toArray()).toEqual([2, 7]);
  });

  it('takes a range', () => {
    expect(all(subset(numbers(10), { start: 3, end: 6 }))).toEqual([3, 4, 5]);
    expect(all(subset(numbers(4), { end: 100 }))).toEqual([0, 1, 2, 3]);
    expect(subset(numbers(4), {}).length).toBe(4);
  });

  it('refuses what is not there', () => {
    expect(() => subset(numbers(3), [0, 3])).toThrow('no sample 3 in a dataset of 3');
    expect(() => subset(numbers(3), [0.5])).toThrow('no sample 0.5');
    expect(() => subset(numbers(3), { start: 4 })).toThrow('no range of 3 samples');
    expect(() => subset(numbers(3), [1]).get(1)).toThrow('no sample 1 in a dataset of 1');
  });
});

describe('splitDataset', () => {
  it('parts everything by fractions, each sample once', () => {
    const parts = splitDataset(numbers(1000), [0.7, 0.2, 0.1]);
    expect(parts.map(({ length }) => length)).toEqual([700, 200, 100]);
    expect(parts.flatMap(all).toSorted((a, b) => a - b)).toEqual(all(numbers(1000)));
    expect(all(parts[0])).not.toEqual(all(parts[0]).toSorted((a, b) => a - b));
  });

  it('parts by counts, and leaves the rest out', () => {
    const parts = splitDataset(numbers(10), [5, 3]);
    expect(parts.map(({ length }) => length)).toEqual([5, 3]);
    expect(new Set(parts.flatMap(all)).size).toBe(8);
  });

  it('depends on its own seed, not on manualSeed', () => {
    const first = (seed?: number) => all(splitDataset(numbers(100), [0.5, 0.5], { seed })[0]);
    manualSeed(1);
    const before = first();
    manualSeed(2);
    expect(first()).toEqual(before);
    expect(first(1)).not.toEqual(before);
  });

  it('keeps the proportions of labels in every part', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 2 : i % 3 === 0 ? 1 : 0));
    const count = (positions: number[], label: number) => positions.filter((i) => labels[i] === label).length;
    const whole = Array.from(labels.keys());
    for (const parts of [
      [0.7, 0.2, 0.1],
      [700, 200, 100],
    ]) {
      const positions = splitDataset(numbers(1000), parts, { stratify: tensor(labels) }).map(all);
      expect(positions.map(({ length }) => length)).toEqual([700, 200, 100]);
      expect(positions.flat().toSorted((a, b) => a - b)).toEqual(whole);
      for (const label of [0, 1, 2])
        positions.forEach((part) => {
          expect(Math.abs(count(part, label) - (count(whole, label) * part.length) / 1000)).toBeLessThanOrEqual(1);
        });
      const other = all(splitDataset(numbers(1000), parts, { stratify: labels, seed: 1 })[0]);
      expect(other.toSorted((a, b) => a - b)).not.toEqual(positions[0].toSorted((a, b) => a - b));
    }
  });

  it('refuses labels that cannot be spread', () => {
    expect(() => splitDataset(numbers(4), [2, 2], { stratify: [0, 0, 1] })).toThrow('3 labels for 4 samples');
    expect(() => splitDataset(numbers(4), [2, 2], { stratify: [0, 0, 0, 7] })).toThrow(
      'label 7 has 1 samples, too few for 2 parts; leave that label out with subset',
    );
    expect(() => splitDataset(numbers(4), [2, 2], { stratified: [] } as object)).toThrow('no option "stratified"');
  });

  it('refuses too much and nothing', () => {
    expect(() => splitDataset(numbers(10), [0.8, 0.3])).toThrow('[0.8, 0.3] is more than there is; fractions add up');
    expect(() => splitDataset(numbers(10), [8, 3])).toThrow('[8, 3] is more than there is; there are 10 samples');
    expect(() => splitDataset(numbers(10), [0.99, 0.01])).toThrow(
      'part 1 of [0.99, 0.01] of 10 samples would be empty',
    );
    expect(() => splitDataset(numbers(10), [5, -1])).toThrow('would be empty');
    expect(() => splitDataset(numbers(10), [Number.NaN])).toThrow('more than there is');
  });
});

describe('concatDatasets and mapDataset', () => {
  it('puts one dataset after the other', () => {
    const both = concatDatasets([numbers(3), numbers(0), numbers(2, 10)]);
    expect(all(both)).toEqual([0, 1, 2, 10, 11]);
    const [{ y }] = [...new DataLoader(both, { batchSize: 'all' })];
    expect(y.toArray()).toEqual([0, 1, 2, 10, 11]);
    expect(() => both.get(5)).toThrow('no sample 5 in a dataset of 5');
  });

  it('changes each sample, knowing its position', () => {
    const shifted = mapDataset(numbers(3), ({ x, y }, i) => ({ x, y: y.item() * 10 + i }));
    expect(shifted.get(2).y).toBe(22);
    const [{ y }] = [...new DataLoader(shifted, { batchSize: 3 })];
    expect(y.toArray()).toEqual([0, 11, 22]);
    expect(() => shifted.get(3)).toThrow('no sample 3');
  });
});
