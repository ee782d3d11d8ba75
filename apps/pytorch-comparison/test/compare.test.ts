import { expect, test } from 'vitest';
import { compare } from '../src/compare.js';
import type { Contestant, Step } from '../src/contestant.js';

/** A contestant that takes so many seconds a step in each round, the first being the warm-up. */
function contestant(
  name: string,
  seconds: readonly number[],
  losses: readonly number[],
  seen: Step[][] = [],
): Contestant {
  let round = 0;
  return {
    name,
    async run(steps) {
      seen.push([...steps]);
      return { seconds: seconds[round++] * steps.length, losses };
    },
    close() {},
  };
}

const batches = (round: number) => [[round], [round + 1]];

test('contestants train on the same batches, and the warm-up counts for no time', async () => {
  const [ours, theirs]: Step[][][] = [[], []];
  const { milliseconds } = await compare(
    [contestant('a', [9, 1, 2, 3], [1], ours), contestant('b', [9, 4, 6, 5], [1], theirs)],
    batches,
    3,
  );
  expect(ours).toEqual([0, 1, 2, 3].map(batches));
  expect(theirs).toEqual(ours);
  expect([...milliseconds]).toEqual([
    ['a', 2000],
    ['b', 5000],
  ]);
});

test('speed-ups are ratios within a round, not of medians', async () => {
  const { speedups } = await compare(
    [contestant('a', [1, 1, 2, 4], [1]), contestant('b', [1, 2, 8, 12], [1])],
    batches,
    3,
  );
  expect(speedups.get('b')).toEqual([2, 3, 4]);
});

test('losses are held against each other by their largest relative difference', async () => {
  const { disagreement } = await compare(
    [contestant('a', [1, 1], [2, 4]), contestant('b', [1, 1], [2.2, 4])],
    batches,
    1,
  );
  expect(disagreement.get('b')).toBeCloseTo(0.1);
});
