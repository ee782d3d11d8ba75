import { describe, expect, test } from 'vitest';
import {
  add,
  backward,
  capture,
  inScope,
  mean,
  movingAverage,
  multiply,
  noGrad,
  Parameter,
  square,
  subtract,
  type Tensor,
  tensor,
  uniform,
} from '../src/index.js';

const at = (...values: number[]) => tensor(values);

describe('verify', () => {
  test('passes a right step once, and leaves its state as one run does', () => {
    let calls = 0;
    const w = new Parameter(at(1, 2));
    const step = capture(
      (x: Tensor) => {
        calls++;
        const loss = mean(square(multiply(x, w)));
        const gradient = backward(loss).of(w);
        noGrad(() => w.assign(subtract(w, multiply(gradient, uniform([2], { from: 'dropout' })))));
        return loss.detach();
      },
      { verify: true },
    );
    const results = Array.from({ length: 5 }, () => step(at(1, 1)).item());
    expect(calls).toBe(3);
    expect(new Set(results).size).toBe(5);
  });

  test('names the first launch that differs: a learning rate that is a number is frozen', () => {
    const w = new Parameter(at(1));
    let rate = 0.1;
    const step = capture(
      (x: Tensor) => {
        const change = inScope('optimizer', () => multiply(x, rate));
        w.assign(subtract(w, change));
        return w;
      },
      { verify: true },
    );
    step(at(1));
    step(at(1));
    rate = 0.05;
    const before = w.item();
    expect(() => step(at(1))).toThrow(
      'A captured step differs from its eager run at launch 0: "multiply" in "optimizer" gives other numbers.',
    );
    expect(w.item()).toBe(before);
  });

  test('names a launch that is another one, or too many, or missing', () => {
    const stepThat = (choose: (call: number, x: Tensor) => Tensor) => () => {
      let calls = 0;
      const step = capture((x: Tensor) => choose(++calls, multiply(x, 2)), { verify: true });
      for (let i = 0; i < 3; i++) step(at(1));
    };
    expect(stepThat((call, y) => (call < 3 ? add(y, 1) : square(y)))).toThrow(
      'at launch 1: recorded "add", eager "square"',
    );
    expect(stepThat((call, y) => (call < 3 ? y : square(y)))).toThrow('at launch 1: eager goes on with "square"');
    expect(stepThat((call, y) => (call < 3 ? square(y) : y))).toThrow(
      'at launch 1: the recording goes on with "square", eager has ended',
    );
  });

  test('verifies each recording', () => {
    let factor = 2;
    const step = capture((x: Tensor) => multiply(x, factor), { verify: true });
    for (let i = 0; i < 3; i++) step(at(1));
    step(at(1, 2));
    step(at(1, 2));
    factor = 3;
    expect(() => step(at(1, 2))).toThrow('at launch 0');
  });

  test('passes a step that updates its argument in place, and leaves the argument as one run does', () => {
    const step = capture(
      (total: Tensor, x: Tensor) => {
        total.assign(add(total, x));
        return multiply(total, 2);
      },
      { verify: true },
    );
    const total = at(1);
    expect([1, 2, 3, 4, 5].map(() => step(total, at(1)).item())).toEqual([4, 6, 8, 10, 12]);
    expect(total.item()).toBe(6);
  });

  test('takes NaN for equal to NaN', () => {
    const total = at(Number.NaN);
    const step = capture(
      (x: Tensor) => {
        movingAverage(total, x, { momentum: 0.5 });
        return add(total, 0);
      },
      { verify: true },
    );
    for (let i = 0; i < 4; i++) expect(step(at(1)).item()).toBeNaN();
  });
});
