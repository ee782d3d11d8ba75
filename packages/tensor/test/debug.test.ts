import { afterEach, describe, expect, test } from 'vitest';
import {
  add,
  backward,
  capture,
  cast,
  checkNumbers,
  divide,
  inScope,
  log,
  multiply,
  NumberError,
  sqrt,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js';

const ends: (() => void)[] = [];
const check = () => ends.push(checkNumbers());
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('checkNumbers', () => {
  test('names the kernel, the layer, the element and the launch of the first NaN or infinity', () => {
    check();
    const bad = () => inScope('trunk', () => inScope('2', () => log(add(tensor([1, 0, 1]), 0))));
    expect(bad).toThrow(NumberError);
    expect(bad).toThrow(
      '-Infinity in element 1 of y, written by kernel "log" in layer "trunk.2" (launch 4): the first number that is not finite.',
    );
    try {
      bad();
    } catch (error) {
      expect(error).toMatchObject({ kernel: 'log', path: 'trunk.2', launch: 6 });
    }
    expect(() => sqrt(tensor([-1]))).toThrow('NaN in element 0 of y, written by kernel "sqrt" (launch 7)');
  });

  test('looks at backward', () => {
    const x = tensor([0], { requiresGrad: true });
    const y = inScope('root', () => sqrt(x));
    check();
    expect(() => backward(sum(y))).toThrow('written by kernel "divide" in layer "root (backward)"');
  });

  test('looks at replays of captured steps, compiled before it was asked for', () => {
    const step = capture((x: Tensor) => multiply(divide(1, x), 2));
    for (let i = 1; i < 5; i++) step(tensor([i]));
    expect(step(tensor([0])).item()).toBe(Infinity);
    check();
    expect(step(tensor([2])).item()).toBe(1);
    expect(() => step(tensor([0]))).toThrow('Infinity in element 0 of y, written by kernel "divide"');
  });

  test('leaves integers and inputs alone', () => {
    const nan = tensor([Number.NaN, 3]);
    check();
    expect(cast(nan, { dtype: 'i32' }).toArray()).toEqual([0, 3]);
  });

  test('ends', () => {
    checkNumbers()();
    expect(log(zeros([1])).item()).toBe(-Infinity);
  });
});
