import type { Contestant, Work } from '../src/contestant.js';

export interface FakeOptions {
  readonly framework?: string;
  readonly variant?: string;
  /** Seconds a step, by call; the last stays. */
  readonly seconds?: readonly number[];
  /** The value of step i, counted over calls. */
  readonly value?: (step: number) => number;
  /** Where calls are noted. */
  readonly seen?: Work[];
}

/** A contestant that takes no time, and says that it took some. */
export function fake({
  framework = 'nn',
  variant = 'captured 2',
  seconds = [1],
  value = () => 1,
  seen = [],
}: FakeOptions = {}): Contestant {
  let [calls, done] = [0, 0];
  return {
    framework,
    variant,
    async run(work) {
      seen.push(work);
      const step = seconds[Math.min(calls++, seconds.length - 1)];
      return { seconds: step * work.steps, values: Array.from({ length: work.steps }, () => value(done++)) };
    },
    async close() {},
  };
}
