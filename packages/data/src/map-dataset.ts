import { checkPosition, type Dataset } from './dataset.js';

/**
 * The same samples, each passed through `change` whenever it is read. Batches are collated from changed samples.
 *
 * ```ts
 * const flat = mapDataset(images, ({ x, y }) => ({ x: reshape(x, [784]), y }));
 * ```
 */
export function mapDataset<S, T>(dataset: Dataset<S, unknown>, change: (sample: S, i: number) => T): Dataset<T> {
  return {
    length: dataset.length,
    get(i) {
      checkPosition(i, dataset);
      return change(dataset.get(i), i);
    },
  };
}
