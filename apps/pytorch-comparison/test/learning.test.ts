import { expect, test } from 'vitest';
import { agreeing } from '../src/learning/agreement.js';
import { epochBatches, inBatches, splitOf } from '../src/learning/batches.js';
import type { Batches, Learner } from '../src/learning/learner.js';
import { learn, type Run } from '../src/learning/run.js';
import { finalAccuracies, objections } from '../src/learning/verdict.js';

test('every image is in one part of a split, and the seed says which are for validation', () => {
  const { train, validation, test: tested } = splitOf(3);
  expect([train.length, validation.length, tested.length]).toEqual([50_000, 10_000, 10_000]);
  expect(new Set([...train, ...validation, ...tested]).size).toBe(70_000);
  expect(Math.max(...validation)).toBeLessThan(60_000);
  expect(Math.min(...tested)).toBe(60_000);
  expect(splitOf(3)).toEqual(splitOf(3));
  expect(splitOf(4).validation).not.toEqual(validation);
});

test('an epoch goes through all rows in an order of its own', () => {
  const rows = [10, 11, 12, 13, 14];
  expect(inBatches(rows, 2)).toEqual([[10, 11], [12, 13], [14]]);
  const epochs = [0, 1, 2].map((epoch) => epochBatches(rows, 2, { seed: 0, epoch }).flat());
  for (const epoch of epochs) expect([...epoch].sort()).toEqual(rows);
  expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
});

/** A learner with an accuracy for each evaluation, three an epoch, that notes what it saw. */
function fakeLearner(framework: string, accuracies: readonly number[], seen: Batches[] = []): Learner {
  let evaluations = 0;
  return {
    framework,
    async train(batches) {
      seen.push(batches);
      return { seconds: 2, values: batches.map(() => 1) };
    },
    evaluate: async (batches) => ({ loss: batches.flat().length, accuracy: accuracies[evaluations++] }),
    async close() {},
  };
}

test('all learn from the same batches, and the test score is that of the epoch that validation prefers', async () => {
  const [ours, theirs]: Batches[][] = [[], []];
  const told: number[] = [];
  const learners = [
    fakeLearner('a', [0.5, 0.8, 0.7, 0.6, 0.75, 0.9], ours),
    fakeLearner('b', [0.5, 0.8, 0.7, 0.6, 0.85, 0.6], theirs),
  ];
  const tell = (epoch: number) => void told.push(epoch);
  const run = await learn(learners, { seed: 1, epochs: 2, batch: 256, tell });
  expect(theirs).toEqual(ours);
  expect(ours).toHaveLength(2);
  expect(ours[0].flat().sort()).toEqual([...splitOf(1).train].sort());
  expect(told).toEqual([1, 2]);
  expect(run.epochs[1].a).toEqual({
    train: { loss: 50_000, accuracy: 0.6 },
    validation: { loss: 10_000, accuracy: 0.75 },
    test: { loss: 10_000, accuracy: 0.9 },
    seconds: 2,
  });
  expect(run.test).toEqual({ a: { loss: 10_000, accuracy: 0.7 }, b: { loss: 10_000, accuracy: 0.6 } });
});

const runOf = (...accuracies: [number, number]): Run => ({
  seed: 0,
  epochs: [],
  test: { nn: { loss: 1, accuracy: accuracies[0] }, PyTorch: { loss: 1, accuracy: accuracies[1] } },
});

const losses = (ours: readonly number[], theirs: readonly number[]) =>
  new Map([
    ['nn', ours],
    ['PyTorch', theirs],
  ]);

test('final accuracies are means over seeds, half a point apart at most', () => {
  const runs = [runOf(0.88, 0.89), runOf(0.9, 0.89)];
  expect(finalAccuracies(runs).get('nn')).toBeCloseTo(0.89);
  expect(objections(runs, losses([1], [1]))).toEqual([]);
  expect(objections([runOf(0.88, 0.886)], losses([1], [1]))).toEqual([
    'Test accuracies of nn and PyTorch are 0.60 points apart.',
  ]);
});

test('first losses that part, or are missing, are objected to', () => {
  const fine = [runOf(0.9, 0.9)];
  expect(objections(fine, losses([1, 2], [1, 2.0001]))).toEqual([]);
  expect(objections(fine, losses([1, 2], [1, 2.001]))).toHaveLength(1);
  expect(objections(fine, losses([1, 2], [1, NaN]))).toHaveLength(1);
  expect(objections(fine, new Map([['nn', [1, 2]]]))).toHaveLength(1);
});

test('how many losses agree before the first that does not', () => {
  expect(agreeing([1, 2, 3], [1, 2, 3])).toBe(3);
  expect(agreeing([1, 2.1, 3], [1, 2, 3])).toBe(1);
  expect(agreeing([NaN], [1])).toBe(0);
});
