import { expect, test } from 'vitest';
import { disagreement, geometricMean, ratios, spreadOf } from '../src/figures.js';

test('quartiles lie between neighbours', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ first: 1.75, median: 2.5, third: 3.25 });
  expect(spreadOf([7])).toEqual({ first: 7, median: 7, third: 7 });
  expect(() => spreadOf([])).toThrow('no values');
});

test('ratios are taken element by element, their mean geometrically', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  expect(geometricMean([2, 8])).toBeCloseTo(4);
  expect(geometricMean([])).toBeNaN();
});

test('disagreement is the largest relative difference, and NaN or nothing agrees with nothing', () => {
  expect(disagreement([2.2, 4], [2, 4, 5])).toBeCloseTo(0.1);
  expect(disagreement([1, 2], [1, 2])).toBe(0);
  expect(disagreement([NaN], [1])).toBe(Infinity);
  expect(disagreement([1], [NaN])).toBe(Infinity);
  expect(disagreement([], [1])).toBe(Infinity);
});
