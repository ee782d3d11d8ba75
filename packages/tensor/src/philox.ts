/**
 * Philox4x32-10, a counter-based generator: four 32-bit words from a 64-bit key and a 128-bit counter.
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3.
 *
 * Fills `out` with the block of counter (c0, c1, c2, c3) under the key (k0, k1).
 */
export function philox(
  out: Uint32Array,
  [c0, c1, c2, c3]: readonly [number, number, number, number],
  [k0, k1]: readonly [number, number],
): void {
  let [x0, x1, x2, x3] = [c0, c1, c2, c3];
  let [key0, key1] = [k0, k1];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, x0);
    const low0 = Math.imul(0xd2511f53, x0);
    const high1 = multiplyHigh(0xcd9e8d57, x2);
    const low1 = Math.imul(0xcd9e8d57, x2);
    [x0, x1, x2, x3] = [high1 ^ x1 ^ key0, low1, high0 ^ x3 ^ key1, low0];
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers, by halves of 16 bits. */
function multiplyHigh(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536)) | 0;
}

/** Key and 64-bit counter of a stream, as four i32: what kernels read and advance. */
export type PhiloxState = Int32Array;

/**
 * Calls `use(i, word)` with `count` random 32-bit words in order, and advances the state by ⌈count / 4⌉ blocks.
 */
export function randomWords(state: PhiloxState, count: number, use: (i: number, word: number) => void): void {
  const words = new Uint32Array(4);
  const key = [state[0], state[1]] as const;
  let low = state[2] >>> 0;
  let high = state[3] >>> 0;
  for (let i = 0; i < count; i += 4) {
    philox(words, [low, high, 0, 0], key);
    for (let j = 0; j < 4 && i + j < count; j++) use(i + j, words[j]);
    low = (low + 1) >>> 0;
    if (low === 0) high = (high + 1) >>> 0;
  }
  state[2] = low;
  state[3] = high;
}

/** A random word as a number in [0, 1), a multiple of 2⁻²⁴. */
export const toUnit = (word: number): number => (word >>> 8) * 2 ** -24;
