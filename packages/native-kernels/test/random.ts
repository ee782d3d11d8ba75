import { randomWords } from '@nn/tensor';

/** What drawn sizes follow from: NN_TEST_SEED, else the same every time. */
export const seed = Number(process.env.NN_TEST_SEED ?? 1);

const primes = [3, 5, 7, 13, 31, 61, 127, 251];
/** Lanes, and sizes of blocks, pieces and chunks in cpp/kernels. */
const blocks = [4, 8, 16, 32, 64, 128, 512, 4096, 8192, 12_288, 16_384, 32_768, 65_536];

/** Choices that the seed fixes, apart from those of other streams. */
export class Draw {
  readonly #state: Int32Array;

  constructor(stream: number) {
    this.#state = Int32Array.of(seed, stream, 0, 0);
  }

  /** A whole number from 0 to count − 1. */
  below(count: number): number {
    let result = 0;
    randomWords(this.#state, 1, (_, word) => {
      result = Math.floor(((word >>> 0) / 2 ** 32) * count);
    });
    return result;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  list<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }

  /** Sizes up to `most`: 0 or 1, a small prime, a block's or one beside it, and one above the largest block below `most`. */
  lengths(most: number): number[] {
    const within = blocks.filter((block) => block < most);
    const largest = within.at(-1) ?? 1;
    const lengths = [
      this.below(2),
      this.pick(primes),
      this.pick(within) - 1 + this.below(3),
      largest + 1 + this.below(most - largest),
    ];
    return lengths.map((length) => Math.min(length, most));
  }

  /** One of such sizes. */
  size(most: number): number {
    return this.pick(this.lengths(most));
  }
}
