import { describe, expect, test } from 'vitest';
import {
  add,
  arange,
  cast,
  type DType,
  divide,
  equal,
  fill,
  gatherRows,
  mean,
  multiply,
  ones,
  Parameter,
  reshape,
  ShapeError,
  Storage,
  sum,
  Tensor,
  tensor,
  zeros,
} from '../src/index.js';

test('bytes add up beyond 255', () => {
  const bytes = ones([300], { dtype: 'u8' });
  expect([sum(bytes).dtype, sum(bytes).item()]).toEqual(['i32', 300]);
  expect(sum(reshape(bytes, [10, 3, 10]), { axis: [0, 2] }).toArray()).toEqual([100, 100, 100]);
  expect(sum(equal(zeros([1000]), 0)).item()).toBe(1000);
});

describe('making tensors', () => {
  test('takes the shape of nested arrays', () => {
    expect([tensor(3).shape, tensor([]).shape, tensor([[], []]).shape]).toEqual([[], [0], [2, 0]]);
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([x.shape, x.dtype, x.size, x.toArray()]).toEqual([
      [2, 3],
      'f32',
      6,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
  });

  test('uses a typed array as it is, with its dtype', () => {
    const data = new Int32Array([1, 2, 3, 4]);
    const x = tensor(data, { shape: [2, 2] });
    expect([x.dtype, x.shape]).toEqual(['i32', [2, 2]]);
    expect(x.data).toBe(data);
    expect(tensor(data, { dtype: 'f64' }).data).toEqual(new Float64Array([1, 2, 3, 4]));
  });

  test.each<[string, unknown, 'i32' | 'u8', string]>([
    ['NaN', [0, Number.NaN], 'i32', 'NaN at index 1 does not fit i32'],
    [
      'a fraction',
      [
        [1, 2],
        [3, 1.7],
      ],
      'i32',
      '1.7 at index 3 does not fit i32',
    ],
    ['a large number', [3e10], 'i32', '30000000000 at index 0 does not fit i32'],
    ['a large byte', [1, 300], 'u8', '300 at index 1 does not fit u8'],
    ['a negative byte', new Float32Array([-1]), 'u8', '-1 at index 0 does not fit u8'],
    ['a fraction of a typed array', new Float64Array([1, 2, 0.5]), 'i32', '0.5 at index 2 does not fit i32'],
  ])('refuses %s where integers cannot hold it', (_, values, dtype, message) => {
    expect(() => tensor(values as number[], { dtype })).toThrow(
      `tensor: ${message}; make a float tensor and round or clamp it first.`,
    );
  });

  test('takes integers that fit, and rounds to f32', () => {
    expect(tensor([-0, 255], { dtype: 'u8' }).toArray()).toEqual([0, 255]);
    expect(tensor(new Float32Array([-(2 ** 31)]), { dtype: 'i32' }).toArray()).toEqual([-(2 ** 31)]);
    expect(tensor(new Float64Array([0.1]), { dtype: 'f32' }).item()).toBe(Math.fround(0.1));
    expect(tensor([0.1, Number.NaN]).toArray()).toEqual([Math.fround(0.1), Number.NaN]);
  });

  test.each([-1, 1.5, Number.NaN])('refuses arange(%d)', (n) => {
    expect(() => arange(n)).toThrow(`arange: n is a whole number from 0, and was given as ${n}.`);
  });

  test('refuses a number for a shape', () => {
    expect(() => zeros(3 as unknown as number[])).toThrow('3 is not a shape: give an array of sizes, as in [2, 3].');
    expect(() => ones(undefined as unknown as number[])).toThrow(ShapeError);
  });

  test('fills', () => {
    expect(fill([2], 3, 'i32').toArray()).toEqual([3, 3]);
    expect([zeros([2]).toArray(), ones([1, 2], { dtype: 'u8' }).toArray(), arange(3).toArray()]).toEqual([
      [0, 0],
      [[1, 1]],
      [0, 1, 2],
    ]);
    expect(zeros([2], { requiresGrad: true }).requiresGrad).toBe(true);
  });

  test.each([
    ['ragged rows', [[1, 2], [3]], 'ragged arrays; every array at depth 1 must have 2 entries'],
    ['a number among rows', [[1, 2], 3], 'ragged arrays; every array at depth 1 must have 2 entries'],
    ['a row among numbers', [1, [2]], 'ragged arrays'],
    ['rows deeper than the first', [[1], [[2]]], 'ragged arrays'],
    ['rows emptier than the first', [[1], []], 'ragged arrays'],
  ])('refuses %s', (_, values, message) => {
    expect(() => tensor(values as number[])).toThrow(ShapeError);
    expect(() => tensor(values as number[])).toThrow(message);
  });

  test.each([['text'], [['text']], [null], [undefined], [[null]], [[true]], [{}]])('refuses %j', (values) => {
    expect(() => tensor(values as unknown as number)).toThrow('numbers, arrays of numbers or a typed array');
  });

  test('refuses numbers that do not fill the shape, and shapes that are none', () => {
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow('3 numbers do not fill the shape [2, 2]');
    expect(() => tensor(new Float32Array(3), { shape: [2, 2] })).toThrow('3 numbers do not fill the shape [2, 2]');
    expect(() => tensor(new Float32Array(5), { shape: [2.5, 2] })).toThrow('[2.5, 2] is not a shape');
    expect(() => zeros([-1])).toThrow('[-1] is not a shape');
  });

  test('refuses arrays of other kinds, and gradients of integers', () => {
    expect(() => tensor(new Float32Array(1).buffer as unknown as number)).toThrow(TypeError);
    expect(() => new Storage(new Int16Array(1) as unknown as Int32Array)).toThrow('convert the data first');
    expect(() => zeros([1], { dtype: 'i32', requiresGrad: true })).toThrow('Only f32 and f64 tensors have gradients');
  });
});

describe('reading and changing tensors', () => {
  test('item reads one number', () => {
    expect([tensor(2).item(), tensor([[7]]).item()]).toEqual([2, 7]);
    expect(() => tensor([1, 2]).item()).toThrow('item() reads one number, and this tensor has [2]; use data.');
  });

  test('assign copies in place, converting', () => {
    const x = zeros([2], { dtype: 'i32' });
    const { data } = x;
    expect(x.assign(tensor([1.9, -1.9])).data).toBe(data);
    expect(x.toArray()).toEqual([1, -1]);
    expect(() => x.assign(tensor([1, 2, 3]))).toThrow('assign: [3] cannot replace [2]; the shapes must be equal.');
  });

  test('detach shares the numbers and nothing else', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = multiply(x, 2);
    const cut = y.detach();
    expect(cut.storage).toBe(y.storage);
    expect([y.requiresGrad, cut.requiresGrad]).toEqual([true, false]);
  });

  test('prints its shape, dtype and first numbers', () => {
    expect(String(tensor([[1, 0.123456789]]))).toBe('Tensor [1, 2] f32 1 0.12346');
    expect(String(arange(20))).toMatch(/^Tensor \[20\] f32 0 1 2 3 4 5 6 7 …$/);
  });

  test('parameters can be frozen', () => {
    const w = new Parameter(ones([2]));
    expect([w.requiresGrad, w.decay, multiply(w, 2).requiresGrad]).toEqual([true, true, true]);
    w.trainable = false;
    expect([w.requiresGrad, multiply(w, 2).requiresGrad]).toEqual([false, false]);
    expect(new Parameter(ones([2]), { decay: false }).decay).toBe(false);
  });

  test('a tensor is as large as its memory', () => {
    expect(() => new Tensor(new Storage(new Float32Array(3)), [2])).toThrow('3 numbers do not fill the shape [2]');
  });
});

describe('dtypes', () => {
  const as = (dtype: DType) => tensor([1, 2], { dtype });

  test.each(['f32', 'f64', 'i32', 'u8'] as const)('arithmetic keeps %s, with plain numbers too', (dtype) => {
    expect(add(as(dtype), as(dtype)).dtype).toBe(dtype);
    expect(multiply(as(dtype), 2).dtype).toBe(dtype);
    expect(multiply(2, as(dtype)).toArray()).toEqual([2, 4]);
  });

  test('two dtypes are an error that says what to do', () => {
    expect(() => add(as('f32'), as('i32'))).toThrow(
      'add with a [2], b [2]: dtypes f32 and i32 differ; convert one with cast.',
    );
  });

  test('comparisons give bytes', () => {
    expect(equal(as('f64'), 2).dtype).toBe('u8');
    expect(equal(as('f64'), 2).toArray()).toEqual([0, 1]);
  });

  test('a number that an integer tensor cannot hold is an error, not another number', () => {
    expect(() => multiply(as('i32'), 0.5)).toThrow('multiply: 0.5 does not fit i32');
    expect(() => add(as('u8'), -1)).toThrow('add: -1 does not fit u8');
    expect(() => mean(as('i32'))).toThrow('does not fit i32');
    expect(divide(tensor([7], { dtype: 'i32' }), 2).toArray()).toEqual([3]);
  });

  test('cast truncates towards zero, and bytes wrap', () => {
    const x = tensor([-1.7, 1.7, 257.2]);
    expect(cast(x, { dtype: 'i32' }).toArray()).toEqual([-1, 1, 257]);
    expect(cast(x, { dtype: 'u8' }).toArray()).toEqual([255, 1, 1]);
    expect(cast(x, { dtype: 'f32' })).toBe(x);
  });

  test('gradients pass between floats and stop at integers', () => {
    const x = tensor([1.5], { requiresGrad: true });
    expect(cast(x, { dtype: 'f64' }).requiresGrad).toBe(true);
    expect(cast(x, { dtype: 'i32' }).requiresGrad).toBe(false);
  });

  test('indices are i32', () => {
    expect(() => gatherRows(as('f32'), as('f32'))).toThrow('indices must be i32, not f32; convert them with cast.');
  });
});
