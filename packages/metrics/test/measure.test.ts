import { tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { Accuracy, ConfusionMatrix, measure } from '../src/index.js';

test('a metric is measured over one prediction in one call, each time from the start', () => {
  const prediction = tensor([
    [2, 1],
    [0, 3],
    [1, 0],
  ]);
  const target = tensor(Int32Array.of(0, 1, 1));
  const accuracy = new Accuracy();
  expect([measure(accuracy, prediction, target), measure(accuracy, prediction, target)]).toEqual([2 / 3, 2 / 3]);
  expect(measure(new ConfusionMatrix(), prediction, target)).toEqual([
    [1, 0],
    [1, 1],
  ]);
});
