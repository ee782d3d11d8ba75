import * as losses from '@nn/losses';
import { Loss } from '@nn/losses';
import { type DrawSpec, type OpCaseOptions, opCase, opSuite } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';

const { BinaryCrossEntropyWithLogits, CrossEntropy, MeanAbsoluteError, MeanSquaredError } = losses;

const probabilities = (shape: readonly number[]): DrawSpec => ({ shape, low: 0, high: 1 });
const classes = (rows: number, count: number): DrawSpec => ({ shape: [rows], dtype: 'i32', high: count });
const ofClasses = [
  [[1, 4], [1]],
  [[7, 4], [7]],
  [[129, 4], [129]],
];

const row = (loss: Loss, ...inputs: (readonly number[] | DrawSpec | OpCaseOptions)[]) => {
  const run = Object.assign(loss.run.bind(loss), { opName: `${loss.name} ${JSON.stringify(loss.options)}` });
  return { loss, case: opCase(run, ...(inputs as (readonly number[])[])) };
};

/** One row or more for every loss of @nn/losses: a loss is held to what an op is held to. */
const rows = [
  row(new MeanSquaredError(), [3, 4], [3, 4]),
  row(new MeanSquaredError({ reduction: 'none' }), [3, 4], [3, 4]),
  row(new MeanAbsoluteError(), [3, 4], [3, 4]),
  row(new BinaryCrossEntropyWithLogits(), [3, 4], probabilities([3, 4])),
  row(new BinaryCrossEntropyWithLogits({ reduction: 'sum' }), [5], probabilities([5])),
  row(new CrossEntropy(), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new CrossEntropy(), [3, 4], probabilities([3, 4])),
  row(new CrossEntropy({ labelSmoothing: 0.1 }), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new CrossEntropy({ classWeights: [1, 2, 0, 0.5] }), [5, 4], classes(5, 4), { shapes: ofClasses }),
  row(new CrossEntropy({ ignoredIndex: 2, labelSmoothing: 0.2 }), [6, 4], classes(6, 4), { shapes: ofClasses }),
];

for (const { case: c } of rows)
  describe(c.name, () => {
    for (const { name, run } of opSuite(c, backends)) test(name, run);
  });

test('every loss has a row', () => {
  const tested = new Set<unknown>(rows.map(({ loss }) => loss.constructor));
  const missing = Object.entries(losses).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof Loss && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'losses without a row in packages/conformance/test/losses.test.ts').toEqual([]);
});
