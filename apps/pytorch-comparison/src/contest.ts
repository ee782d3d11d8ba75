import { setTimeout as pause } from 'node:timers/promises';
import { CannotError, type Contestant, type Refusal, type Work } from './contestant.js';

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

/** What came of a contest: the timings of those who could do the work, and why the others could not. */
export interface Outcome {
  readonly timings: readonly Timing[];
  readonly refusals: readonly Refusal[];
}

/** Lets contestants do the same work in turn, round by round, after each has warmed up by itself. */
export async function contest(
  contestants: readonly Contestant[],
  batches: Work['batches'],
  pace: Pace,
): Promise<Outcome> {
  const refusals: Refusal[] = [];
  let racing: Racer[] = [];
  for (const contestant of contestants) {
    const racer = await unlessRefused(contestant, refusals, () => warmUp(contestant, batches, pace));
    if (racer) racing.push(racer);
  }
  for (let round = 0; round < pace.rounds; round++) {
    const still: Racer[] = [];
    for (const racer of racing)
      if (await unlessRefused(racer.contestant, refusals, () => takeTurn(racer, batches, pace))) still.push(racer);
    racing = still;
  }
  return { timings: racing, refusals };
}

/** A contestant that is warm. */
interface Racer extends Timing {
  /** Milliseconds of a step, as it warmed up. */
  readonly step: number;
  readonly rounds: number[];
  /** Seconds of its steps so far. */
  spent: number;
}

/** What the work gives; undefined where the contestant cannot do it, which is noted. */
async function unlessRefused<T>(
  { framework, variant }: Contestant,
  refusals: Refusal[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CannotError)) throw error;
    refusals.push({ framework, variant, reason: error.message });
    return undefined;
  }
}

/** A round; of those whose patience has ended, the step that they have shown stands for it if they have done no other. */
async function takeTurn(racer: Racer, batches: Work['batches'], { turnSeconds }: Pace): Promise<true> {
  const { contestant, step, rounds } = racer;
  if (racer.spent >= (contestant.patience ?? Infinity)) {
    if (rounds.length === 0) rounds.push(step);
    return true;
  }
  const steps = Math.max(1, Math.min(mostSteps, Math.round((1000 * turnSeconds) / step)));
  await pause(settling);
  const { seconds } = await contestant.run({ batches, steps });
  racer.spent += seconds;
  rounds.push((1000 * seconds) / steps);
  return true;
}

/** Seconds for the steps whose values count, where they are slow. */
const comparedSeconds = 10;

/** The first steps, whose values count, and more until the contestant runs at its speed of `step` milliseconds. */
async function warmUp(contestant: Contestant, batches: Work['batches'], { warmSeconds }: Pace): Promise<Racer> {
  const { patience = Infinity } = contestant;
  const [atLeast, limit] = patience < Infinity ? [2, patience / 2] : [3, comparedSeconds];
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
  while (values.length < comparedSteps && (values.length < atLeast || spent < limit))
    step = await run(
      values.length < atLeast ? 1 : Math.min(comparedSteps - values.length, Math.ceil((200 * limit) / step)),
    );
  const warm = Math.min(warmSeconds, patience / 4);
  for (const before = spent; spent - before < warm; )
    step = Math.min(step, await run(Math.max(1, Math.min(mostSteps, Math.round((250 * warm) / step)))));
  return { contestant, firstStep, step, spent, values: values.slice(0, comparedSteps), rounds: [] };
}
