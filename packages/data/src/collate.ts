import { allocate, formatShape, sameShape, Tensor, tensor } from '@nn/tensor';
import { DataError } from './data-error.js';
import type { Batched } from './dataset.js';

/**
 * Samples as one batch: tensors [...] are stacked to [n, ...], numbers (class labels) become i32 [n], objects are
 * collated entry by entry. `indices` are the samples' positions in their dataset, for messages; by default 0…n−1.
 *
 * Errors (DataError): tensors whose shape or dtype differs; a number that is not whole; an entry of any other kind.
 */
export function collate<S>(samples: readonly S[], indices?: ArrayLike<number>): Batched<S> {
  if (samples.length === 0) throw new DataError('A batch needs at least one sample.');
  const nameOf = (i: number, place: string) => `${place || 'the value'} of sample ${indices?.[i] ?? i}`;

  const visit = (values: readonly unknown[], place: string): unknown => {
    const [first] = values;
    if (first instanceof Tensor) return stackTensors(values, (i) => nameOf(i, place));
    if (typeof first === 'number') return stackLabels(values, (i) => nameOf(i, place));
    if (typeof first !== 'object' || first === null)
      throw new DataError(`${nameOf(0, place)} is ${describe(first)}; samples are made of tensors and class labels.`);
    const entries = Object.keys(first).map((key) => {
      const column = values.map((value) => (value as Record<string, unknown> | undefined)?.[key]);
      return [key, visit(column, place ? `${place}.${key}` : key)];
    });
    return Object.fromEntries(entries);
  };
  return visit(samples, '') as Batched<S>;
}

function stackTensors(values: readonly unknown[], nameOf: (i: number) => string): Tensor {
  const first = values[0] as Tensor;
  const data = allocate(first.dtype, values.length * first.size);
  values.forEach((value, i) => {
    if (!(value instanceof Tensor)) throw new DataError(`${nameOf(i)} is ${describe(value)}, but others are tensors.`);
    if (value.dtype !== first.dtype || !sameShape(value.shape, first.shape)) {
      throw new DataError(
        `${nameOf(i)} is ${formatShape(value.shape)} ${value.dtype}, but ${nameOf(0)} is ${formatShape(first.shape)} ` +
          `${first.dtype}; a batch needs equal ones: crop, pad or cast with mapDataset, or use a batchSize of 1.`,
      );
    }
    data.set(value.data, i * first.size);
  });
  return tensor(data, { shape: [values.length, ...first.shape] });
}

function stackLabels(values: readonly unknown[], nameOf: (i: number) => string): Tensor {
  values.forEach((value, i) => {
    if (!Number.isInteger(value)) {
      const remedy = 'plain numbers are class labels, so whole; give other targets as tensors, such as tensor([0.5])';
      throw new DataError(`${nameOf(i)} is ${describe(value)}; ${remedy}.`);
    }
  });
  return tensor(Int32Array.from(values as readonly number[]));
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return 'a tensor';
  return typeof value === 'number' || value === undefined || value === null ? String(value) : `a ${typeof value}`;
}
