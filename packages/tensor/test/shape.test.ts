import { describe, expect, test } from 'vitest';
import {
  axesOf,
  axisOf,
  broadcastShapes,
  broadcastStrides,
  checkShape,
  collapse,
  ShapeError,
  sizeOf,
  stridesOf,
} from '../src/index.js';

describe('shapes', () => {
  test('have a size and row-major strides', () => {
    expect([sizeOf([]), sizeOf([2, 3, 4]), sizeOf([2, 0, 4])]).toEqual([1, 24, 0]);
    expect([stridesOf([]), stridesOf([2, 3, 4])]).toEqual([[], [12, 4, 1]]);
  });

  test.each([[[-1]], [[2, 1.5]], [[Number.NaN]]])('refuse %j', (shape) => {
    expect(() => checkShape(shape)).toThrow(ShapeError);
  });

  test('name axes from either end', () => {
    expect([axisOf(0, 3), axisOf(2, 3), axisOf(-1, 3), axisOf(-3, 3)]).toEqual([0, 2, 2, 0]);
    expect([axesOf(undefined, 2), axesOf(-1, 3), axesOf([2, 0, -1], 3)]).toEqual([[0, 1], [2], [0, 2]]);
  });

  test.each([3, -4, 0.5, Number.NaN])('refuse axis %d of 3', (axis) => {
    expect(() => axisOf(axis, 3)).toThrow(`axis ${axis} does not exist in 3 dimensions; use -3 to 2.`);
  });
});

describe('broadcasting', () => {
  test.each([
    [[], [], []],
    [[], [2, 3], [2, 3]],
    [[3], [2, 3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [
      [4, 1, 3],
      [2, 1],
      [4, 2, 3],
    ],
    [[1], [0], [0]],
    [
      [0, 1],
      [1, 5],
      [0, 5],
    ],
  ])('%j with %j is %j, both ways round', (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected);
    expect(broadcastShapes(b, a)).toEqual(expected);
  });

  test.each([
    [[2], [3], 'sizes 2 and 3 at dimension -1'],
    [[2, 3], [3, 3], 'sizes 2 and 3 at dimension -2'],
    [[0], [2], 'sizes 0 and 2 at dimension -1'],
  ])('%j with %j is refused', (a, b, message) => {
    expect(() => broadcastShapes(a, b)).toThrow(message);
  });

  test('reads repeated dimensions with stride 0', () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
    expect(broadcastStrides([2, 3, 4], [2, 3, 4])).toEqual([12, 4, 1]);
    expect(broadcastStrides([], [2, 3])).toEqual([0, 0]);
  });

  test('merges dimensions that every operand walks evenly', () => {
    const merge = (shape: number[], ...strides: number[][]) => collapse(shape, strides);
    expect(merge([2, 3, 4], [12, 4, 1], [12, 4, 1])).toEqual({ shape: [24], strides: [[1], [1]] });
    expect(merge([2, 3, 4], [12, 4, 1], [0, 0, 1])).toEqual({
      shape: [6, 4],
      strides: [
        [4, 1],
        [0, 1],
      ],
    });
    expect(merge([2, 3, 4], [12, 4, 1], [0, 0, 0])).toEqual({ shape: [24], strides: [[1], [0]] });
    expect(merge([1, 1], [1, 1])).toEqual({ shape: [1], strides: [[0]] });
    expect(merge([5, 1, 4], [4, 4, 1])).toEqual({ shape: [20], strides: [[1]] });
  });
});
