import { setTimeout as pause } from 'node:timers/promises';
import type { Contestant, Work } from './contestant.js';

/** How long contestants run. */
export interface Pace {
  /** Timed rounds, after the warm-up. */
  readonly rounds: number;
  /** What a contestant's turn should take. */
  readonly turnSeconds: number;
  /** How long each warms up, but for steps that take longer. */
  readonly warmSeconds: number;
}

/** What a contestant did. */
export interface Timing {
  readonly contestant: Contestant;
  /** Milliseconds of the very first step, in which some compile. */
  readonly firstStep: number;
  /** Milliseconds a step, by round. */
  readonly rounds: readonly number[];
  /** The values of its first steps, `comparedSteps` at most, fewer where steps take seconds. */
  readonly values: readonly number[];
}

/** Steps whose values are held against each other: later ones drift apart by rounding. */
export const comparedSteps = 20;

const mostSteps = 2000;

/** Idle threads of the one before spin for some milliseconds before they sleep. */
const settling = 20;

/** Lets contestants do the same work in turn, round by round, after each has warmed up by itself. */
export async function contest(
  contestants: readonly Contestant[],
  batches: Work['batches'],
  pace: Pace,
): Promise<Timing[]> {
  const warm: Awaited<ReturnType<typeof warmUp>>[] = [];
  for (const contestant of contestants) warm.push(await warmUp(contestant, batches, pace));
  const rounds: number[][] = contestants.map(() => []);
  for (let round = 0; round < pace.rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const steps = Math.max(1, Math.min(mostSteps, Math.round((1000 * pace.turnSeconds) / warm[i].step)));
      await pause(settling);
      const { seconds } = await contestant.run({ batches, steps });
      rounds[i].push((1000 * seconds) / steps);
    }
  }
  return contestants.map((contestant, i) => {
    const { firstStep, values } = warm[i];
    return { contestant, firstStep, values, rounds: rounds[i] };
  });
}

/** The first steps, whose values count, and more until the contestant runs at its speed of `step` milliseconds. */
async function warmUp(contestant: Contestant, batches: Work['batches'], { warmSeconds }: Pace) {
  const values: number[] = [];
  let spent = 0;
  const run = async (steps: number) => {
    const done = values.length % batches.length;
    const result = await contestant.run({ batches: [...batches.slice(done), ...batches.slice(0, done)], steps });
    values.push(...result.values);
    spent += result.seconds;
    return (1000 * result.seconds) / steps;
  };
  const firstStep = await run(1);
  let step = firstStep;
  while (values.length < comparedSteps && (values.length < 3 || spent < 10))
    step = await run(values.length < 3 ? 1 : Math.min(comparedSteps - values.length, Math.ceil(2000 / step)));
  for (spent = 0; spent < warmSeconds; )
    step = Math.min(step, await run(Math.max(1, Math.min(mostSteps, Math.round((250 * warmSeconds) / step)))));
  return { firstStep, step, values: values.slice(0, comparedSteps) };
}
