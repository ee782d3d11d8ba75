import { permutation } from '@nn/nn';
import type { Batches } from './learner.js';

/** Images of Fashion-MNIST: first those to train on, then those to test with. */
export const trainingImages = 60_000;
export const testImages = 10_000;
const validationImages = 10_000;

/** Which rows a run learns from, which it is measured on while it learns, and which at the end. */
export interface Split {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** Validation images are drawn by the seed from those to train on; nothing is learned from them. */
export function splitOf(seed: number): Split {
  const order = Array.from(permutation(trainingImages, -1, { seed }));
  return {
    train: order.slice(validationImages),
    validation: order.slice(0, validationImages),
    test: Array.from({ length: testImages }, (_, i) => trainingImages + i),
  };
}

/** Rows in batches, in their order; the last may be short. */
export const inBatches = (rows: readonly number[], size: number): Batches =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));

/** Rows in batches, in the order of an epoch. */
export function epochBatches(
  rows: readonly number[],
  size: number,
  by: { readonly seed: number; readonly epoch: number },
) {
  const order = permutation(rows.length, by.epoch, { seed: by.seed });
  return inBatches(
    Array.from(order, (i) => rows[i]),
    size,
  );
}
