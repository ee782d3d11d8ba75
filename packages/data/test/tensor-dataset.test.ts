import { cast, divide, gatherRows, OptionError, ShapeError, type Tensor, tensor, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { DataError, statistics, TensorDataset } from '../src/index.js';
import { normalizer } from '../src/normalization.js';

const bytes = tensor(Uint8Array.of(0, 51, 102, 255, 10, 20, 30, 40), { shape: [2, 2, 1, 2] });
const labels = tensor(Uint8Array.of(3, 9));

describe('TensorDataset', () => {
  it('gathers rows in the order asked for', () => {
    const data = new TensorDataset({
      x: tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      y: tensor([10, 20, 30]),
    });
    const { x, y } = data.batch(Int32Array.of(2, 0, 2));
    expect(x.toArray()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(y.toArray()).toEqual([30, 10, 30]);
    expect(data.length).toBe(3);
  });

  it('gives a sample without the batch dimension', () => {
    const { x, y } = new TensorDataset({ x: bytes, y: labels }).get(1);
    expect([x.shape, y.shape, y.item()]).toEqual([[2, 1, 2], [], 9]);
    expect(() => new TensorDataset({ x: bytes, y: labels }).get(2)).toThrow('no sample 2 in a dataset of 2');
  });

  it('keeps bytes in memory and gives pixels from 0 to 1, and labels as i32', () => {
    const data = new TensorDataset({ x: bytes, y: labels });
    const { x, y } = data.batch(Int32Array.of(0));
    expect([data.x.dtype, x.dtype, y.dtype]).toEqual(['u8', 'f32', 'i32']);
    expect(Array.from(x.data)).toEqual([0, 51, 102, 255].map((byte) => Math.fround(byte / 255)));
    expect(y.toArray()).toEqual([3]);
  });

  it('normalises by one mean and deviation, or by one of each channel', () => {
    const one = new TensorDataset({ x: bytes, y: labels, normalize: { mean: 0.2, deviation: 0.5 } });
    const expected = [0, 51, 102, 255].map((byte) => (byte / 255 - 0.2) / 0.5);
    Array.from(one.get(0).x.data).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
    const each = new TensorDataset({ x: bytes, y: labels, normalize: { mean: [0, 0.4], deviation: [0.1, 0.2] } });
    const { data } = each.get(0).x;
    [0, 2, 0, 3].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 5);
    });
  });

  it('makes of bytes the numbers that cast, divide and normalise make, bit for bit', () => {
    const x = tensor(
      Uint8Array.from({ length: 256 * 3 }, (_, i) => (i * 7) % 256),
      { shape: [64, 3, 2, 2] },
    );
    const index = Int32Array.from({ length: 64 }, (_, i) => 63 - i);
    for (const normalize of [
      undefined,
      { mean: 0.1307, deviation: 0.3081 },
      { mean: [0.48, 0.45, 0.4], deviation: [0.229, 0.224, 0.225] },
    ]) {
      const { x: batch } = new TensorDataset({ x, y: zeros([64]), normalize }).batch(index);
      const unit = divide(cast(gatherRows(x, tensor(index)), { dtype: 'f32' }), 255);
      const expected = normalize ? normalizer(normalize, x)(unit) : unit;
      expect([batch.shape, batch.data]).toEqual([expected.shape, expected.data]);
    }
  });

  it('by its own statistics has mean 0 and deviation 1', () => {
    const data = new TensorDataset({ x: bytes, y: labels, normalize: statistics(bytes) });
    const { mean, deviation } = statistics(data.batch(Int32Array.of(0, 1)).x);
    expect(mean).toBeCloseTo(0, 6);
    expect(deviation).toBeCloseTo(1, 6);
  });

  it('takes several inputs and targets by name', () => {
    const data = new TensorDataset({ x: { left: zeros([2, 3]), right: bytes }, y: { digit: labels } });
    const { x, y } = data.batch(Int32Array.of(1, 0));
    const right: Tensor = x.right;
    expect([x.left.shape, right.dtype, y.digit.toArray()]).toEqual([[2, 3], 'f32', [9, 3]]);
  });

  it.each([
    ['lengths that differ', { x: zeros([3, 2]), y: zeros([2]) }, ShapeError, 'x [3, 2], y [2]: y must have a row'],
    ['scalars', { x: zeros([]), y: zeros([]) }, ShapeError, 'must have a row for each of'],
    [
      'NaN',
      {
        x: tensor([
          [0, 1],
          [NaN, 3],
        ]),
        y: zeros([2]),
      },
      DataError,
      'x is NaN in sample 1 at [0]; leave that',
    ],
    ['infinity', { x: zeros([2]), y: tensor([0, -Infinity]) }, DataError, 'y is -Infinity in sample 1; leave'],
    [
      'a label that is no class',
      { x: bytes, y: labels, classes: 9 },
      DataError,
      'y: label 9 at position 1 is outside 0…8',
    ],
    ['half a label', { x: bytes, y: tensor([0.5, 1]), classes: 9 }, DataError, 'y: label 0.5 at position 0 is outside'],
    [
      'no deviation',
      { x: bytes, y: labels, normalize: { mean: 0, deviation: 0 } },
      RangeError,
      'deviation of 0 cannot',
    ],
    [
      'a mean too many',
      { x: bytes, y: labels, normalize: { mean: [1, 2, 3], deviation: 1 } },
      ShapeError,
      '2 channels',
    ],
    [
      'options that it does not have',
      { x: bytes, y: labels, labels },
      OptionError,
      'TensorDataset has no option "labels"; it has x, y',
    ],
    [
      'normalised i32',
      { x: zeros([2], { dtype: 'i32' }), y: labels, normalize: { mean: 0, deviation: 1 } },
      TypeError,
      'cast',
    ],
  ])('refuses %s', (_, options, kind, message) => {
    expect(() => new TensorDataset(options)).toThrow(kind);
    expect(() => new TensorDataset(options)).toThrow(message);
  });

  it('names the input that holds NaN', () => {
    const x = {
      good: zeros([2]),
      bad: tensor([
        [
          [1, 2],
          [3, Number.NaN],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ]),
    };
    expect(() => new TensorDataset({ x, y: zeros([2]) })).toThrow('x.bad is NaN in sample 0 at [1, 1]');
  });
});
