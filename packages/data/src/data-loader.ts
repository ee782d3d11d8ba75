import { checkCount, checkOptions, OptionError, permutation } from '@nn/tensor';
import { collate } from './collate.js';
import { DataError } from './data-error.js';
import type { Batched, Dataset } from './dataset.js';
import { prepareAhead } from './prepare-ahead.js';
import { applyTransforms, type Transforms } from './transforms/apply-transforms.js';
import { drawFor } from './transforms/draw.js';

export interface DataLoaderOptions<S, B> {
  /** Samples in a batch; 'all' for the whole dataset as one. */
  readonly batchSize: number | 'all';
  /** True for another order each epoch, decided by `manualSeed` and the epoch alone. Default false. */
  readonly shuffle?: boolean;
  /** True to leave out a last batch that would be short. Default false. */
  readonly dropLast?: boolean;
  /** Makes a batch of samples. Default: the dataset's own `batch`, else `collate`. */
  readonly collate?: (samples: readonly Awaited<S>[], indices: Int32Array) => B;
  /**
   * Changes to each batch's x, in order; for several inputs, by name. What is random in them is decided by `manualSeed`, the
   * epoch and the sample's position alone. Default: none.
   */
  readonly transforms?: Transforms;
  /**
   * How many batches `for await` (and so training) makes ahead, while a step runs off the event loop; they take memory.
   * A plain `for` cannot. Default 0.
   */
  readonly prefetch?: number;
}

const optionNames = ['batchSize', 'shuffle', 'dropLast', 'collate', 'transforms', 'prefetch'];

/**
 * A dataset in batches. A loop over it is one epoch, and finishing one raises `epoch`. Datasets whose samples are promises
 * take `for await`.
 *
 * ```ts
 * const loader = new DataLoader(images, { batchSize: 128, shuffle: true, transforms: [new RandomCrop({ padding: 2 })] });
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
  readonly #batchOf: (indices: Int32Array) => B | Promise<B>;

  constructor(
    readonly dataset: Dataset<S, B>,
    readonly options: DataLoaderOptions<S, B>,
  ) {
    checkOptions('DataLoader', options, optionNames);
    checkCount('DataLoader', 'prefetch', options.prefetch, 0);
    const { batchSize, dropLast = false } = options;
    const { length } = dataset;
    if (batchSize === undefined)
      throw new OptionError("DataLoader needs batchSize; use a whole number above 0, or 'all' for the whole dataset.");
    if (batchSize !== 'all' && !(Number.isInteger(batchSize) && batchSize > 0))
      throw new RangeError(`DataLoader: a batchSize of ${batchSize}; use a whole number above 0, or 'all'.`);
    if (length === 0) throw new DataError('DataLoader: the dataset has no samples; look at what it was made of.');
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
   * the batches it had not seen. Errors: a start beyond the epoch; a dataset of promises (DataError).
   */
  *batches({ start = 0 }: { readonly start?: number } = {}): Generator<B, void, undefined> {
    const { epoch } = this;
    for (const make of this.#tasks(start)) {
      const batch = make();
      if (batch instanceof Promise) {
        batch.catch(() => {});
        throw new DataError("DataLoader: the dataset's samples are promises; go through it with for await.");
      }
      yield batch;
    }
    this.epoch = epoch + 1;
  }

  /** The same with `for await`: `prefetch` batches are made ahead, and samples may be promises. */
  async *asyncBatches({ start = 0 }: { readonly start?: number } = {}): AsyncGenerator<B, void, undefined> {
    const { epoch } = this;
    const { prefetch = 0 } = this.options;
    if (prefetch > 0) yield* prepareAhead(this.#tasks(start), { ahead: prefetch });
    else for (const make of this.#tasks(start)) yield make();
    this.epoch = epoch + 1;
  }

  [Symbol.iterator](): Generator<B, void, undefined> {
    return this.batches();
  }

  [Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    return this.asyncBatches();
  }

  /** What makes each batch of the current epoch. */
  *#tasks(start: number): Generator<() => B | Promise<B>, void, undefined> {
    if (!Number.isInteger(start) || start < 0 || start > this.length)
      throw new RangeError(`DataLoader: an epoch of ${this.length} batches cannot start at batch ${start}.`);
    const { epoch } = this;
    const { shuffle, transforms } = this.options;
    const order = shuffle ? permutation(this.dataset.length, epoch) : undefined;
    for (let i = start * this.batchSize; i < this.samples; i += this.batchSize) {
      const size = Math.min(this.batchSize, this.samples - i);
      const indices = order?.slice(i, i + size) ?? Int32Array.from({ length: size }, (_, j) => i + j);
      yield () => {
        const batch = this.#batchOf(indices);
        if (!transforms) return batch;
        const changed = (whole: B) => applyTransforms(whole, transforms, drawFor(indices, epoch));
        return batch instanceof Promise ? batch.then(changed) : changed(batch);
      };
    }
  }
}

function batcher<S, B>(
  dataset: Dataset<S, B>,
  custom: DataLoaderOptions<S, B>['collate'],
): (indices: Int32Array) => B | Promise<B> {
  if (!custom && dataset.batch) return dataset.batch.bind(dataset);
  const collateSamples = custom ?? (collate as unknown as NonNullable<typeof custom>);
  return (indices) => {
    const samples: unknown[] = Array.from(indices, (i) => dataset.get(i));
    const collated = (all: readonly unknown[]) => collateSamples(all as readonly Awaited<S>[], indices);
    return samples.some((sample) => sample instanceof Promise)
      ? Promise.all(samples).then(collated)
      : collated(samples);
  };
}
