import { Tensor } from '@nn/tensor';
import { DataError } from '../data-error.js';
import type { Draw } from './draw.js';
import type { Transform } from './transform.js';

/** Transforms of x, in order; where x is several tensors, of some of them by name. */
export type Transforms = readonly Transform[] | { readonly [input: string]: readonly Transform[] };

/** The batch with its x transformed. Errors (DataError): no such x. */
export function applyTransforms<B>(batch: B, transforms: Transforms, draw: Draw): B {
  const { x } = batch as { readonly x?: unknown };
  const all = (input: Tensor, list: readonly Transform[]) =>
    list.reduce((value, each) => each.apply(value, draw), input);
  if (isList(transforms)) {
    if (x instanceof Tensor) return { ...batch, x: all(x, transforms) };
    throw new DataError(
      'DataLoader: a list of transforms takes batches { x } of one tensor; give those of several by name: ' +
        'transforms: { image: [...] }.',
    );
  }
  const inputs: Record<string, unknown> = { ...(x as object) };
  for (const [name, list] of Object.entries(transforms)) {
    const input = inputs[name];
    if (x instanceof Tensor || !(input instanceof Tensor)) {
      const known =
        x instanceof Tensor ? 'is one tensor: give a list of transforms' : `has ${Object.keys(inputs).join(', ')}`;
      throw new DataError(`DataLoader: transforms for "${name}", which x does not have; x ${known}.`);
    }
    inputs[name] = all(input, list);
  }
  return { ...batch, x: inputs };
}

const isList = (transforms: Transforms): transforms is readonly Transform[] => Array.isArray(transforms);
