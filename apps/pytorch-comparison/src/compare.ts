import type { Contestant, Step } from './contestant.js';

/** What alternating runs of several contestants showed. */
export interface Comparison {
  /** Median milliseconds a step, by contestant. */
  readonly milliseconds: ReadonlyMap<string, number>;
  /** How many times faster the first contestant is than each other: median, and first and third quartile, over rounds. */
  readonly speedups: ReadonlyMap<string, readonly [first: number, median: number, third: number]>;
  /** The largest relative difference of losses between the first contestant and each other, over the first steps. */
  readonly disagreement: ReadonlyMap<string, number>;
}

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};

/** Steps over which losses are held against each other: later ones drift apart by rounding. */
const comparedSteps = 20;

/**
 * Lets contestants train in turn on the same batches, round by round. The first rounds warm up: they give the losses to
 * compare and count for no time.
 */
export async function compare(
  contestants: readonly Contestant[],
  batches: (round: number) => readonly Step[],
  rounds: number,
): Promise<Comparison> {
  const warm = new Map<string, readonly number[]>();
  for (const contestant of contestants)
    warm.set(contestant.name, (await contestant.run(batches(0))).losses.slice(0, comparedSteps));

  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    const steps = batches(round);
    for (const contestant of contestants) {
      const { seconds } = await contestant.run(steps);
      times.get(contestant.name)?.push((1000 * seconds) / steps.length);
    }
  }

  const [first, ...others] = contestants.map(({ name }) => name);
  const of = (name: string) => times.get(name) ?? [];
  const expected = warm.get(first) ?? [];
  return {
    milliseconds: new Map(contestants.map(({ name }) => [name, quantile(of(name), 0.5)])),
    speedups: new Map(
      others.map((name) => {
        const ratios = of(name).map((time, i) => time / of(first)[i]);
        return [name, [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)] as const];
      }),
    ),
    disagreement: new Map(
      others.map((name) => {
        const losses = warm.get(name) ?? [];
        return [name, Math.max(...losses.map((loss, i) => Math.abs(loss - expected[i]) / Math.abs(expected[i])))];
      }),
    ),
  };
}
