import type { Tensor } from '@nn/tensor';

/** One tensor, or several by the names of a network's inputs or outputs. */
export type Tensors = Tensor | { readonly [name: string]: Tensor };

/** An input and its target; a batch has the same form, each tensor with a leading batch dimension. */
export interface Sample<X = Tensors, Y = Tensors> {
  readonly x: X;
  readonly y: Y;
}

/**
 * A batch of samples of type S: tensors gain a leading dimension; numbers, which are class labels, become i32 [n]; samples
 * that are promises make a batch of what they promise.
 */
export type Batched<S> =
  S extends Promise<infer T>
    ? Batched<T>
    : S extends Tensor | number
      ? Tensor
      : { readonly [K in keyof S]: Batched<S[K]> };

/**
 * Samples by position. S is a sample: a tensor, a class label (a number), or an object of these, or a promise of one, such as
 * that of a file which is read when it is needed. B is a batch of them.
 *
 * ```ts
 * const squares: Dataset<Sample<Tensor, Tensor>> = {
 *   length: 100,
 *   get: (i) => ({ x: tensor([i]), y: tensor([i * i]) }),
 * };
 * ```
 */
export interface Dataset<S, B = Batched<S>> {
  /** How many samples there are. */
  readonly length: number;
  /** The sample at position `i`, from 0 to length − 1. */
  get(i: number): S;
  /** The samples at these positions as one batch. Without it, loaders collate what `get` gives. */
  batch?(indices: Int32Array): B;
}

/** Errors: a position outside the dataset. */
export function checkPosition(i: number, { length }: { readonly length: number }): void {
  if (!Number.isInteger(i) || i < 0 || i >= length)
    throw new RangeError(`There is no sample ${i} in a dataset of ${length}; positions go from 0 to ${length - 1}.`);
}
