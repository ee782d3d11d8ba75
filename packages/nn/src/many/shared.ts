import { type Data, Tensor, tensor } from '@nn/tensor';

/** A tensor on its way between threads. */
interface Packed {
  readonly $tensor: { readonly shape: readonly number[]; readonly data: Data };
}

const isPacked = (value: object): value is Packed => '$tensor' in value;

/** The same arrays, plain objects and maps, with each leaf that `change` knows in another form. */
function mapLeaves(value: unknown, change: (leaf: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, mapLeaves(item, change)]));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, change)]));
}

const packed = (value: unknown, copy: (data: Data) => Data): unknown =>
  mapLeaves(value, (leaf) =>
    leaf instanceof Tensor ? ({ $tensor: { shape: leaf.shape, data: copy(leaf.data) } } satisfies Packed) : undefined,
  );

/** A value as it can be sent to another thread, its tensors copied into memory that threads share. */
export const share = (value: unknown): unknown => packed(value, sharedCopy);

/** A copy of a value as it can be sent to another thread. Errors: a function or the like in it (DataCloneError). */
export const pack = (value: unknown): unknown => structuredClone(packed(value, (data) => data));

/** What was shared or packed, with tensors again; shared ones lie in the memory of all. */
export const unpack = (value: unknown): unknown =>
  mapLeaves(value, (leaf) => (isPacked(leaf) ? tensor(leaf.$tensor.data, { shape: leaf.$tensor.shape }) : undefined));

function sharedCopy(data: Data): Data {
  const shared = new SharedArrayBuffer(data.byteLength);
  const copy = new (data.constructor as new (buffer: SharedArrayBuffer) => Data)(shared);
  copy.set(data);
  return copy;
}
