import {
  abs,
  dropout,
  greater,
  log,
  multiply,
  Parameter,
  power,
  relu,
  sqrt,
  square,
  sum,
  tensor,
  where,
} from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { checkGradients } from '../src/index.js';
import { halfSquare } from './faulty.js';

const f64 = (values: number[]) => tensor(values, { dtype: 'f64', requiresGrad: true });

describe('checkGradients', () => {
  test('passes a right derivative and says how near it is', () => {
    const x = f64([0.3, -1.2, 2]);
    const report = checkGradients(() => power(square(x), 1.5), { x });
    expect(report.verdict).toBe('pass');
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({ name: 'x', checked: 3 });
    expect(report.findings[0].worst.relativeError).toBeLessThan(1e-7);
  });

  test('fails a wrong derivative and names the tensor, the element and both numbers', () => {
    const [x, w] = [f64([1, 2, 3]), f64([1, 1, 1])];
    const report = checkGradients(() => multiply(halfSquare(x), w), { x, w });
    expect(report.verdict).toBe('fail');
    expect(report.findings.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['x', 'fail'],
      ['w', 'pass'],
    ]);
    const { derivative, estimate } = report.findings[0].worst;
    expect(derivative / estimate).toBeCloseTo(2, 6);
    expect(String(report)).toMatch(
      /x: fail, relative error 5\.0e-1 at element \d \(derivative .*, finite differences .*\)\nw: pass/,
    );
  });

  test.each([
    ['a kink at the point', () => relu, 0],
    ['a kink nearer than the step', () => relu, 1e-7],
    ['a jump', () => (x: Parameters<typeof abs>[0]) => where(greater(x, 0), 1, multiply(x, 1)), 0],
    ['an infinite slope', () => sqrt, 0],
    ['a pole', () => log, 0],
  ])('does not conclude at %s', (_, op, at) => {
    const x = f64([at, 1.5]);
    const report = checkGradients(() => op()(x), { x });
    expect(report.verdict).toBe('inconclusive');
    expect(String(report)).toContain('move the input away from it');
  });

  test('sees a wrong derivative beside a kink elsewhere', () => {
    const [x, y] = [f64([0]), f64([2])];
    expect(checkGradients(() => [abs(x), halfSquare(y)], { x, y }).verdict).toBe('fail');
  });

  test('sees a gradient that should be there and is not', () => {
    const x = f64([1, 2]);
    expect(checkGradients(() => multiply(x, x.detach()), { x }).verdict).toBe('fail');
    expect(checkGradients(() => square(x).detach(), { x }).verdict).toBe('fail');
  });

  test('checks second derivatives', () => {
    const x = f64([0.5, -2]);
    expect(checkGradients(() => power(square(x), 2), { x }, { second: true }).verdict).toBe('pass');
    expect(checkGradients(() => multiply(square(x), x.detach()), { x }, { second: true }).verdict).toBe('fail');
  });

  test('takes results of any shape, several of them, and parameters by name', () => {
    const w = new Parameter(f64([1, 2]));
    const report = checkGradients(() => [square(w), sum(w)], new Map([['layer.weight', w]]));
    expect(report.verdict).toBe('pass');
    expect(report.findings[0].name).toBe('layer.weight');
  });

  test('rewinds random streams, so that dropout is the same function every time', () => {
    const x = f64(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(checkGradients(() => dropout(square(x), { probability: 0.5 }), { x }).verdict).toBe('pass');
  });

  test('looks at a sample of large tensors, the ends included, and leaves the numbers as they were', () => {
    const x = f64(Array.from({ length: 1000 }, (_, i) => i / 100));
    const before = x.data.slice();
    const report = checkGradients(() => square(x), { x }, { samples: 10 });
    expect(report.findings[0].checked).toBeLessThanOrEqual(10);
    expect(report.findings[0].checked).toBeGreaterThan(5);
    expect(x.data).toEqual(before);
  });

  test('finds gross mistakes in f32', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    expect(checkGradients(() => square(x), { x }).verdict).toBe('pass');
    expect(checkGradients(() => halfSquare(x), { x }).verdict).toBe('fail');
  });

  test('refuses tensors that ask for no gradient by name, as their derivative would be taken for 0', () => {
    const x = tensor([1, 2, 3]);
    expect(() => checkGradients(() => square(x), { x })).toThrow('x asks for no gradient; make it with requiresGrad');
  });

  test('refuses integers by name', () => {
    const index = tensor([1], { dtype: 'i32' });
    expect(() => checkGradients(() => index, { index })).toThrow('index is i32; only f32 and f64 have gradients');
  });
});
