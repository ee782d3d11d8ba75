import { expect, test } from 'vitest';
import { comparedSteps, contest } from '../src/contest.js';
import type { Work } from '../src/contestant.js';
import { fake } from './fakes.js';

const batches = [[0, 1], [2, 3], [4]];
const pace = { rounds: 3, turnSeconds: 0.1, warmSeconds: 0 };

test('the first steps go through the batches in order, whatever the calls they are done in', async () => {
  const seen: Work[] = [];
  const [{ values }] = await contest([fake({ seconds: [0.01], value: (step) => step, seen })], batches, pace);
  expect(values).toEqual(Array.from({ length: comparedSteps }, (_, i) => i));
  const warm = seen.slice(0, -pace.rounds).flatMap((work) =>
    Array.from({ length: work.steps }, (_, i) => {
      return work.batches[i % work.batches.length];
    }),
  );
  expect(warm).toEqual(Array.from({ length: comparedSteps }, (_, i) => batches[i % batches.length]));
});

test('the first step stands apart, and a turn has the steps that fit into it', async () => {
  const seen: Work[] = [];
  const [{ firstStep, rounds }] = await contest([fake({ seconds: [5, 0.01], seen })], batches, pace);
  expect(firstStep).toBe(5000);
  expect(rounds).toEqual([10, 10, 10]);
  expect(seen.slice(-3).map(({ steps }) => steps)).toEqual([10, 10, 10]);
});

test('steps that take longer than a turn are done one at a time, and few are compared', async () => {
  const seen: Work[] = [];
  const [{ values }] = await contest([fake({ seconds: [4], seen })], batches, pace);
  expect(values).toHaveLength(3);
  expect(seen.every(({ steps }) => steps === 1)).toBe(true);
});

test('contestants take turns in every round, once all are warm', async () => {
  const order: string[] = [];
  const noting = (variant: string) => {
    const contestant = fake({ variant, seconds: [0.05] });
    const run = (work: Work) => {
      order.push(variant);
      return contestant.run(work);
    };
    return { ...contestant, run };
  };
  await contest([noting('a'), noting('b')], batches, pace);
  expect(order.slice(-6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(order.slice(0, -6).join('')).toMatch(/^a+b+$/);
});
