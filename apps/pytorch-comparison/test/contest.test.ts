import { expect, test } from 'vitest';
import { comparedSteps, contest } from '../src/contest.js';
import { CannotError, type Contestant, type Work } from '../src/contestant.js';
import { fake } from './fakes.js';

const batches = [[0, 1], [2, 3], [4]];
const pace = { rounds: 3, turnSeconds: 0.1, warmSeconds: 0 };

const timingsOf = async (contestants: readonly Contestant[]) => (await contest(contestants, batches, pace)).timings;

test('the first steps go through the batches in order, whatever the calls they are done in', async () => {
  const seen: Work[] = [];
  const [{ values }] = await timingsOf([fake({ seconds: [0.01], value: (step) => step, seen })]);
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
  const [{ firstStep, rounds }] = await timingsOf([fake({ seconds: [5, 0.01], seen })]);
  expect(firstStep).toBe(5000);
  expect(rounds).toEqual([10, 10, 10]);
  expect(seen.slice(-3).map(({ steps }) => steps)).toEqual([10, 10, 10]);
});

test('steps that take longer than a turn are done one at a time, and few are compared', async () => {
  const seen: Work[] = [];
  const [{ values }] = await timingsOf([fake({ seconds: [4], seen })]);
  expect(values).toHaveLength(3);
  expect(seen.every(({ steps }) => steps === 1)).toBe(true);
});

test('whoever is slow does few steps, and at least one round', async () => {
  const seen: Work[] = [];
  const many = { ...pace, rounds: 20 };
  const { timings } = await contest([{ ...fake({ seconds: [0.5], seen }), patience: 4 }], batches, many);
  expect(timings[0].rounds).toEqual([500, 500, 500, 500]);
  expect(seen.reduce((sum, { steps }) => sum + steps, 0)).toBe(8);
  const [{ rounds, values }] = await timingsOf([{ ...fake({ seconds: [9, 7] }), patience: 4 }]);
  expect([rounds, values.length]).toEqual([[7000], 2]);
});

test('whoever cannot is left out, with the reason, and the others go on', async () => {
  const refusing = (variant: string, after: number): Contestant => {
    const contestant = fake({ variant, seconds: [0.1] });
    let calls = 0;
    const run = async (work: Work) => {
      if (calls++ >= after) throw new CannotError(`not ${variant}`);
      return contestant.run(work);
    };
    return { ...contestant, run };
  };
  const { timings, refusals } = await contest(
    [refusing('a', 0), fake({ variant: 'b' }), refusing('c', 5)],
    batches,
    pace,
  );
  expect(timings.map(({ contestant }) => contestant.variant)).toEqual(['b']);
  expect(timings[0].rounds).toHaveLength(pace.rounds);
  expect(refusals).toEqual([
    { framework: 'nn', variant: 'a', reason: 'not a' },
    { framework: 'nn', variant: 'c', reason: 'not c' },
  ]);
  const broken = { ...fake(), run: () => Promise.reject(new Error('broken')) };
  await expect(contest([broken], batches, pace)).rejects.toThrow('broken');
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
