import { sizeOf, Tensor } from '@nn/tensor';
import { checkFinite } from './check-data.js';
import { collate } from './collate.js';
import { DataError } from './data-error.js';
import type { Dataset, Sample } from './dataset.js';

/** The mean and standard deviation of all numbers. */
export interface Statistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Those of each channel or feature: the dimension after the batch's. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

type Source = Tensor | Dataset<Sample<Tensor>, Sample<Tensor>>;

/** How many samples of a dataset are looked at together. */
const chunk = 256;

/**
 * The mean and standard deviation (divided by n) of `x` [n, channels, ...], or of the x of a dataset, to normalise by; bytes
 * count as 0…1, as TensorDataset gives them. Take them from the training part alone:
 *
 * ```ts
 * const [train, test] = splitDataset(flowers, [0.8, 0.2], { stratify: flowers.y });
 * const transforms = [new Normalize(statistics(train, { per: 'channel' }))];
 * ```
 *
 * Where nothing varies the deviation given is 1, so that normalising makes it 0. Errors (DataError): no samples; NaN or
 * infinity, with its place.
 *
 * @param options.per 'channel' for numbers of each channel or feature; default 'all' for one of all
 */
export function statistics(x: Source, options?: { readonly per?: 'all' }): Statistics;
export function statistics(x: Source, options: { readonly per: 'channel' }): ChannelStatistics;
export function statistics(
  x: Source,
  { per = 'all' }: { readonly per?: 'all' | 'channel' } = {},
): Statistics | ChannelStatistics {
  const { sums, counts } = sumsOf(x, per, (value) => value);
  const mean = sums.map((sum, k) => sum / counts[k]);
  const squares = sumsOf(x, per, (value, k) => (value - mean[k]) ** 2).sums;
  const deviation = squares.map((sum, k) => Math.sqrt(sum / counts[k]) || 1);
  return per === 'all' ? { mean: mean[0], deviation: deviation[0] } : { mean, deviation };
}

/** Sums of `term` over all numbers, or over each channel's. */
function sumsOf(x: Source, per: 'all' | 'channel', term: (value: number, k: number) => number) {
  const sums: number[] = [];
  const counts: number[] = [];
  for (const { data, shape, dtype } of batchesOf(x)) {
    const unit = dtype === 'u8' ? 255 : 1;
    const channels = per === 'all' ? 1 : (shape[1] ?? 1);
    const inner = per === 'all' ? data.length : sizeOf(shape.slice(2));
    for (let start = 0; start < data.length; start += inner) {
      const k = (start / inner) % channels;
      let sum = 0;
      for (let i = start; i < start + inner; i++) sum += term(data[i] / unit, k);
      sums[k] = (sums[k] ?? 0) + sum;
      counts[k] = (counts[k] ?? 0) + inner;
    }
  }
  if (sums.length === 0) throw new DataError('statistics: there are no samples; take them of training data.');
  return { sums, counts };
}

function* batchesOf(x: Source): Generator<Tensor, void, undefined> {
  if (x instanceof Tensor) {
    checkFinite(x);
    yield x;
    return;
  }
  for (let start = 0; start < x.length; start += chunk) {
    const indices = Int32Array.from({ length: Math.min(chunk, x.length - start) }, (_, i) => start + i);
    const batch =
      x.batch?.(indices) ??
      collate(
        Array.from(indices, (i) => x.get(i)),
        indices,
      );
    if (!(batch.x instanceof Tensor))
      throw new DataError('statistics: x is several tensors by name; take the statistics of each tensor.');
    checkFinite(batch.x);
    yield batch.x;
  }
}
