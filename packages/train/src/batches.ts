import type { Tensors } from '@nn/data';
import { Tensor } from '@nn/tensor';
import { butNot, hasMethod } from './in-words.js';

/** Inputs and targets of some samples: tensors with a leading batch dimension, or several by the model's names. */
export interface Batch {
  readonly x: Tensors;
  /** Left out where no loss and no metric needs it. */
  readonly y?: Tensors;
}

/** What a DataLoader is to training: epochs that can be told apart, and begun in the middle. */
export interface Loader {
  /** Batches in an epoch. */
  readonly length: number;
  /** Decides the order of the samples. */
  epoch: number;
  batches(options?: { readonly start?: number }): Iterable<Batch>;
  /** The same, some of them made ahead. */
  asyncBatches?(options?: { readonly start?: number }): AsyncIterable<Batch>;
}

/** A DataLoader, or anything that gives batches and can be gone through again each epoch. */
export type BatchSource = Loader | Iterable<Batch> | AsyncIterable<Batch>;

const isLoader = (source: BatchSource): source is Loader => 'batches' in source;

/** Errors: something that gives no batches, a Dataset above all; `name` is what `owner` calls it. */
export function checkSource(owner: string, name: string, source: unknown): void {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.iterator in source || Symbol.asyncIterator in source || hasMethod(source, 'batches')) return;
    if (hasMethod(source, 'get'))
      throw new TypeError(`${owner}: ${name} is a Dataset; wrap it: new DataLoader(${name}, { batchSize: 32 }).`);
  }
  throw new TypeError(
    `${owner} needs ${name}: a DataLoader, or batches [{ x, y }] that can be gone through each epoch${butNot(source)}.`,
  );
}

/** How many batches an epoch has, where that is known. */
export function countOf(source: BatchSource): number | undefined {
  if (isLoader(source)) return source.length;
  return Array.isArray(source) ? source.length : undefined;
}

/** The batches of epoch `epoch` (counted from 0), from batch `start` on. Errors: something that is no batch. */
export async function* batchesOf(
  source: BatchSource,
  { epoch, start = 0 }: { readonly epoch?: number; readonly start?: number },
): AsyncGenerator<Batch, void, undefined> {
  if (isLoader(source)) {
    if (epoch !== undefined) source.epoch = epoch;
    const batches = source.asyncBatches?.({ start }) ?? source.batches({ start });
    for await (const batch of batches) yield checked(batch);
    return;
  }
  let position = 0;
  for await (const batch of source) if (position++ >= start) yield checked(batch);
}

function checked(batch: Batch): Batch {
  if (batch !== null && typeof batch === 'object' && tensorsOf(batch.x).every((value) => value instanceof Tensor))
    if (tensorsOf(batch.x).length > 0) return batch;
  throw new TypeError('A batch must be { x, y }, each a tensor or tensors by name; use a DataLoader of such samples.');
}

const tensorsOf = (x: Tensors | undefined): Tensor[] =>
  x instanceof Tensor ? [x] : (Object.values(x ?? {}) as Tensor[]);

/** Samples in a batch: the size of its first dimension. */
export const samplesOf = ({ x }: Batch): number => tensorsOf(x)[0].shape[0];

/** A model as data sees it: Graph gives its inputs and outputs names. */
interface Named {
  readonly inputNames?: readonly string[];
}

/** The arguments of `model.run`, in its order. Errors: inputs by name for a model that has no such names. */
export function inputsOf(model: object, x: Tensors): Tensor[] {
  if (x instanceof Tensor) return [x];
  const { inputNames } = model as Named;
  const given = Object.keys(x).join(', ');
  if (!inputNames)
    throw new TypeError(`The data gives inputs by name (${given}), and the model takes one tensor; give x as one.`);
  return inputNames.map((name) => {
    if (!(name in x)) throw new TypeError(`The model's input "${name}" is not in the data, which gives ${given}.`);
    return x[name];
  });
}
