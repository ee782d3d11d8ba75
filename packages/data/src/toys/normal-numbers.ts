import { randomWords, toUnit } from '@nn/tensor';

/** The letters "data": a key that sets these random numbers apart from the streams of `manualSeed`. */
const key = 0x64617461;

/** n numbers of a standard normal distribution, a function of the seed, by the Box–Muller transform. */
export function normalNumbers(n: number, seed: number): number[] {
  const numbers: number[] = [];
  let radius = 0;
  randomWords(new Int32Array([seed, key, 0, 0]), n + (n % 2), (i, word) => {
    if (i % 2 === 0) radius = Math.sqrt(-2 * Math.log(1 - toUnit(word)));
    else numbers.push(radius * Math.cos(2 * Math.PI * toUnit(word)), radius * Math.sin(2 * Math.PI * toUnit(word)));
  });
  return numbers.slice(0, n);
}
