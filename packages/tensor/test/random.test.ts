import { beforeEach, describe, expect, test } from 'vitest';
import {
  currentSeed,
  dropout,
  manualSeed,
  normal,
  ones,
  permutation,
  randomState,
  randomWords,
  type StreamName,
  setRandomState,
  toUnit,
  uniform,
} from '../src/index.js';
import { philox } from '../src/philox.js';

type Four = readonly [number, number, number, number];

const hex = (words: Iterable<number>) =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

beforeEach(() => manualSeed(0));

describe('Philox4x32-10', () => {
  // The known-answer vectors that come with Random123.
  test.each<readonly [string, Four, readonly [number, number], string]>([
    ['zeros', [0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      'ones',
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      'digits of pi',
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('gives the published words for %s', (_, counter, key, expected) => {
    const out = new Uint32Array(4);
    philox(out, counter, key);
    expect(hex(out)).toBe(expected);
  });

  test('takes signed words for what they are', () => {
    const [signed, unsigned] = [new Uint32Array(4), new Uint32Array(4)];
    philox(signed, [-1, -2, -3, -4], [-5, -6]);
    philox(unsigned, [2 ** 32 - 1, 2 ** 32 - 2, 2 ** 32 - 3, 2 ** 32 - 4], [2 ** 32 - 5, 2 ** 32 - 6]);
    expect(signed).toEqual(unsigned);
  });
});

describe('randomWords', () => {
  const take = (state: Int32Array, count: number) => {
    const words: number[] = [];
    randomWords(state, count, (_, word) => words.push(word));
    return words;
  };

  test('are the blocks of successive counters', () => {
    const state = new Int32Array([7, 8, 5, 0]);
    const words = take(state, 6);
    const blocks = [5, 6].flatMap((low) => {
      const out = new Uint32Array(4);
      philox(out, [low, 0, 0, 0], [7, 8]);
      return [...out];
    });
    expect(hex(words)).toBe(hex(blocks.slice(0, 6)));
    expect([...state]).toEqual([7, 8, 7, 0]);
  });

  test('carry into the upper half of the counter', () => {
    const state = new Int32Array([7, 8, -1, 3]);
    const words = take(state, 8);
    const out = new Uint32Array(4);
    philox(out, [0, 4, 0, 0], [7, 8]);
    expect(hex(words.slice(4))).toBe(hex(out));
    expect([...state]).toEqual([7, 8, 1, 4]);
  });

  test('of none leave the state alone', () => {
    const state = new Int32Array([1, 2, 3, 4]);
    expect(take(state, 0)).toEqual([]);
    expect([...state]).toEqual([1, 2, 3, 4]);
  });

  test('become numbers in [0, 1), multiples of 2⁻²⁴', () => {
    expect([toUnit(0), toUnit(0xffffffff), toUnit(-1), toUnit(0x80000000)]).toEqual([
      0,
      1 - 2 ** -24,
      1 - 2 ** -24,
      0.5,
    ]);
  });
});

describe('streams', () => {
  const draw = (from: StreamName) => [...uniform([6], { from }).data];
  const names: readonly StreamName[] = ['initialization', 'dropout', 'order', 'augmentation'];

  test('start anew from one seed, and differ by seed', () => {
    manualSeed(5);
    expect(currentSeed()).toBe(5);
    const first = draw('dropout');
    expect(draw('dropout')).not.toEqual(first);
    manualSeed(5);
    expect(draw('dropout')).toEqual(first);
    manualSeed(6);
    expect(draw('dropout')).not.toEqual(first);
  });

  test('are independent: drawing from one does not move another', () => {
    const alone = new Map(names.map((name) => [name, draw(name)]));
    expect(new Set([...alone.values()].map(String)).size).toBe(4);
    for (const name of names) {
      manualSeed(0);
      for (const other of names) if (other !== name) draw(other);
      expect(draw(name)).toEqual(alone.get(name));
    }
  });

  test('go on where a saved state was, through JSON', () => {
    manualSeed(9);
    for (const name of names) draw(name);
    const saved = JSON.parse(JSON.stringify(randomState()));
    const expected = names.map(draw);
    manualSeed(1);
    setRandomState(saved);
    expect(currentSeed()).toBe(9);
    expect(names.map(draw)).toEqual(expected);
    const order = permutation(50, 2);
    manualSeed(9);
    expect(order).toEqual(permutation(50, 2));
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('refuse the seed %d', (seed) => {
    expect(() => manualSeed(seed)).toThrow(`manualSeed: ${seed} is no seed; use a whole number from 0 to 4294967295.`);
  });
});

/** Mean and standard deviation. */
function moments(data: ArrayLike<number>): [number, number] {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

describe('distributions', () => {
  const count = 20_000;

  test('uniform', () => {
    const { data } = uniform([count], { low: -1, high: 3 });
    const [mean, deviation] = moments(data);
    expect(data.every((value) => value >= -1 && value < 3)).toBe(true);
    expect(mean).toBeCloseTo(1, 1);
    expect(deviation).toBeCloseTo(4 / Math.sqrt(12), 1);
  });

  test('normal, for odd counts too', () => {
    const { data } = normal([count + 1], { mean: 2, deviation: 3 });
    const [mean, deviation] = moments(data);
    expect(Math.abs(mean - 2)).toBeLessThan(0.1);
    expect(Math.abs(deviation - 3)).toBeLessThan(0.1);
    const within = data.filter((value) => Math.abs(value - 2) < 3).length / data.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.015);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  test('truncated normal', () => {
    const { data } = normal([count], { bound: 2 });
    expect(data.every((value) => Math.abs(value) <= 2)).toBe(true);
    // The variance of a normal distribution cut at ±2 is 1 − 4φ(2)/(2Φ(2) − 1).
    expect(Math.abs(moments(data)[1] - 0.8796)).toBeLessThan(0.02);
    expect(() => normal([1], { bound: 0 })).toThrow('a bound of 0 deviations leaves nothing to draw');
  });

  test('dropout drops its share and keeps the expectation', () => {
    const { data } = dropout(ones([count]), { probability: 0.3 });
    const dropped = data.filter((value) => value === 0).length / count;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.015);
    expect(new Set(data)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(() => dropout(ones([1]), { probability: 1.5 })).toThrow('a probability of 1.5 is not between 0 and 1');
  });

  test('the same weights for every float type', () => {
    const wide = uniform([5], { dtype: 'f64' }).toArray();
    manualSeed(0);
    expect(uniform([5]).toArray()).toEqual(wide);
  });
});

describe('permutation', () => {
  test('holds every index once', () => {
    for (const n of [0, 1, 2, 17, 1000])
      expect([...permutation(n, 0)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  test('is a function of seed and round alone', () => {
    const first = permutation(100, 3);
    uniform([10], { from: 'order' });
    expect(permutation(100, 3)).toEqual(first);
    expect(permutation(100, 4)).not.toEqual(first);
    manualSeed(1);
    expect(permutation(100, 3)).not.toEqual(first);
  });

  test('is uniform: each order of four comes equally often', () => {
    const counts = new Map<string, number>();
    const rounds = 24_000;
    for (let round = 0; round < rounds; round++) {
      const order = permutation(4, round).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const expected = rounds / 24;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: 49.7 is exceeded once in a thousand.
    expect(chiSquare).toBeLessThan(49.7);
  });
});
