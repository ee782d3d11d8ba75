import { randomWords, stream, toUnit } from '@nn/tensor';

/** Gives `count` more numbers, evenly from [0, 1), for each sample of a batch. */
export type Draw = (count: number) => Float64Array[];

/**
 * Random numbers for the samples at `positions` in epoch `epoch`: a function of `manualSeed`, the epoch and each sample's
 * position alone, whatever the order, the batches and what was drawn before. They come from the augmentation stream: the
 * block of counter (position, epoch + 1) is the key of a generator of the sample's own.
 */
export function drawFor(positions: Int32Array, epoch: number): Draw {
  const [seed, streamNumber] = stream('augmentation').data;
  const states = Array.from(positions, (position) => {
    const key = new Int32Array(4);
    randomWords(new Int32Array([seed, streamNumber, position, epoch + 1]), 2, (i, word) => {
      key[i] = word;
    });
    return key;
  });
  return (count) =>
    states.map((state) => {
      const numbers = new Float64Array(count);
      randomWords(state, count, (i, word) => {
        numbers[i] = toUnit(word);
      });
      return numbers;
    });
}
