import { permutation } from '@nn/tensor';
import { collate } from './collate.js';
import { DataError } from './data-error.js';
import type { Batched, Dataset } from './dataset.js';

export interface DataLoaderOptions<S, B> {
  /** Samples in a batch; 'all' for the whole dataset as one. */
  readonly batchSize: number | 'all';
  /** True for another order each epoch, decided by `manualSeed` and the epoch alone. Default false. */
  readonly shuffle?: boolean;
  /** True to leave out a last batch that would be short. Default false. */
  readonly dropLast?: boolean;
  /** Makes a batch of samples. Default: the dataset's own `batch`, else `collate`. */
  readonly collate?: (samples: readonly S[], indices: Int32Array) => B;
}

/**
 * A dataset in batches. A loop over it is one epoch, and finishing one raises `epoch`.
 *
 * ```ts
 * const loader = new DataLoader(images, { batchSize: 128, shuffle: true });
 * for await (const { x, y } of loader) step(x, y);   // for … of works as well
 * ```
 *
 * Errors: a batchSize that is not a whole number above 0; a dataset that gives no batch (DataError).
 */
export class DataLoader<S, B = Batched<S>> implements Iterable<B>, AsyncIterable<B> {
  readonly batchSize: number;
  /** Batches in an epoch. */
  readonly length: number;
  /** Samples in an epoch. */
  readonly samples: number;
  /** The number of the epoch that the next loop goes through; with `shuffle` it decides the order. Starts at 0. */
  epoch = 0;
  readonly #batchOf: (indices: Int32Array) => B;

  constructor(
    readonly dataset: Dataset<S, B>,
    readonly options: DataLoaderOptions<S, B>,
  ) {
    const { batchSize, dropLast = false } = options;
    const { length } = dataset;
    if (batchSize !== 'all' && !(Number.isInteger(batchSize) && batchSize > 0))
      throw new RangeError(`DataLoader: a batchSize of ${batchSize}; use a whole number above 0, or 'all'.`);
    if (length === 0) throw new DataError('DataLoader: the dataset has no samples.');
    this.batchSize = batchSize === 'all' ? length : batchSize;
    this.length = dropLast ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
    if (this.length === 0) {
      const advice = 'use a smaller batchSize, or keep the last batch';
      throw new DataError(`DataLoader: ${length} samples do not fill a batch of ${this.batchSize}; ${advice}.`);
    }
    this.samples = Math.min(length, this.length * this.batchSize);
    this.#batchOf = batcher(dataset, options.collate);
  }

  /**
   * The batches of the current epoch, from batch `start` on (default 0): an epoch that was interrupted goes on with
   * the batches it had not seen. Errors: a start beyond the epoch.
   */
  *batches({ start = 0 }: { readonly start?: number } = {}): Generator<B, void, undefined> {
    if (!Number.isInteger(start) || start < 0 || start > this.length)
      throw new RangeError(`DataLoader: an epoch of ${this.length} batches cannot start at batch ${start}.`);
    const { epoch } = this;
    const order = this.options.shuffle ? permutation(this.dataset.length, epoch) : undefined;
    for (let i = start * this.batchSize; i < this.samples; i += this.batchSize) {
      const size = Math.min(this.batchSize, this.samples - i);
      yield this.#batchOf(order?.slice(i, i + size) ?? Int32Array.from({ length: size }, (_, j) => i + j));
    }
    this.epoch = epoch + 1;
  }

  [Symbol.iterator](): Generator<B, void, undefined> {
    return this.batches();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    yield* this.batches();
  }
}

function batcher<S, B>(dataset: Dataset<S, B>, custom: DataLoaderOptions<S, B>['collate']): (indices: Int32Array) => B {
  if (!custom && dataset.batch) return dataset.batch.bind(dataset);
  const collateSamples = custom ?? (collate as NonNullable<typeof custom>);
  return (indices) =>
    collateSamples(
      Array.from(indices, (i) => dataset.get(i)),
      indices,
    );
}
