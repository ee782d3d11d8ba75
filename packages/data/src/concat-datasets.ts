import { checkPosition, type Dataset } from './dataset.js';

/** The samples of several datasets, one dataset after the other. Batches, which may span several, are collated. */
export function concatDatasets<S>(datasets: readonly Dataset<S, unknown>[]): Dataset<S> {
  const starts: number[] = [];
  let length = 0;
  for (const dataset of datasets) {
    starts.push(length);
    length += dataset.length;
  }
  return {
    length,
    get(i) {
      checkPosition(i, { length });
      const which = starts.findLastIndex((start) => start <= i);
      return datasets[which].get(i - starts[which]);
    },
  };
}
