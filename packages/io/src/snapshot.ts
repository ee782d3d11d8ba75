import { type Data, type Shape, type Storage, sameShape, type Tensor, tensor } from '@nn/tensor';

/** Numbers in a shape, as they lie in a file. */
export interface StoredArray {
  readonly shape: Shape;
  readonly data: Data;
}

/** Arrays by name. The same object under several names is one copy in the file. */
export type StoredArrays = ReadonlyMap<string, StoredArray>;

/** Copies tensors as they are now; a tensor under several names, as shared weights are, is copied once. */
export function snapshot(tensors: ReadonlyMap<string, Tensor>): StoredArrays {
  const copies = new Map<Storage, StoredArray>();
  const arrays = new Map<string, StoredArray>();
  for (const [name, { shape, storage, data }] of tensors) {
    const known = copies.get(storage);
    const array = known && sameShape(known.shape, shape) ? known : { shape, data: data.slice() };
    copies.set(storage, array);
    arrays.set(name, array);
  }
  return arrays;
}

/** Tensors of arrays read from a file. */
export const restore = (arrays: StoredArrays): Map<string, Tensor> =>
  new Map([...arrays].map(([name, { shape, data }]) => [name, tensor(data, { shape })]));
