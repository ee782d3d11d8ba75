import { afterEach, describe, expect, test } from 'vitest';
import {
  add,
  backward,
  capture,
  cast,
  checkNumbers,
  clamp,
  divide,
  inScope,
  log,
  multiply,
  NumberError,
  ones,
  sqrt,
  startTrace,
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

describe('startTrace', () => {
  test('records every launch as a complete event that Chrome opens', () => {
    const trace = startTrace();
    inScope('head', () => multiply(ones([2, 3]), 2));
    clamp(ones([4]), { low: 0 });
    trace.stop();
    add(ones([1]), 1);
    const events = JSON.parse(JSON.stringify(trace.events));
    expect(events.map(({ name, cat }: { name: string; cat: string }) => [name, cat])).toEqual([
      ['fill', 'head'],
      ['multiply', 'head'],
      ['fill', 'outside layers'],
      ['clamp', 'outside layers'],
    ]);
    for (const event of events) {
      expect(event).toMatchObject({ ph: 'X', pid: 1, tid: 1, args: { sizes: expect.any(Array) } });
      expect(event.ts).toBeGreaterThan(0);
      expect(event.dur).toBeGreaterThanOrEqual(0);
    }
    expect(events[1].args).toEqual({
      sizes: [6, 6, 1],
      attributes: { shape: [], aStrides: [], bStrides: [] },
    });
    const times = events.map(({ ts }: { ts: number }) => ts);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('sees the launches of replays', () => {
    const step = capture((x: Tensor) => add(multiply(x, 2), 1));
    for (let i = 0; i < 3; i++) step(ones([1]));
    const x = ones([1]);
    const trace = startTrace();
    step(x);
    trace.stop();
    expect(trace.events.map(({ name }) => name)).toEqual(['multiply', 'add']);
  });
});
