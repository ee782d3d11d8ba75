import { randomWords } from '@nn/tensor';

/** The key that sets these random numbers apart from those of the streams; the letters "data". */
const key = 0x64617461;

/** Philox state of an own sequence of random numbers for each seed, apart from the streams that `manualSeed` restarts. */
export const seededState = (seed: number): Int32Array => new Int32Array([seed, key, 0, 0]);

/** A random order of 0…n−1, a function of the seed alone: Fisher–Yates. */
export function shuffled(n: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  randomWords(seededState(seed), Math.max(n - 1, 0), (i, word) => {
    const last = n - 1 - i;
    const pick = Math.floor((word / 2 ** 32) * (last + 1));
    [order[last], order[pick]] = [order[pick], order[last]];
  });
  return order;
}
