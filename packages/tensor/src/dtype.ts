/** Element types: 32- and 64-bit floats, 32-bit signed integers, bytes. */
export type DType = 'f32' | 'f64' | 'i32' | 'u8';

/** The flat array behind a tensor. */
export type Data = Float32Array | Float64Array | Int32Array | Uint8Array;

const constructors = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u8: Uint8Array };

/** Errors: a dtype that does not exist. */
const constructorOf = (dtype: DType) => constructors[dtype] ?? refuse(dtype);

function refuse(dtype: unknown): never {
  const known = Object.keys(constructors).join(', ');
  throw new TypeError(`There is no dtype ${JSON.stringify(dtype)}; there are ${known}.`);
}

/** Bytes of one element. */
export const bytesOf = (dtype: DType): number => constructorOf(dtype).BYTES_PER_ELEMENT;

/** A zeroed array of `length` elements. */
export const allocate = (dtype: DType, length: number): Data => new (constructorOf(dtype))(length);

/** A view of `length` elements, `offset` bytes into `buffer`. */
export const viewOf = (dtype: DType, buffer: ArrayBufferLike, offset: number, length: number): Data =>
  new (constructorOf(dtype))(buffer as ArrayBuffer, offset, length);

/** The dtype of a typed array. Errors: a kind of array that tensors do not use. */
export function dtypeOf(data: Data): DType {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Int32Array) return 'i32';
  if (data instanceof Uint8Array) return 'u8';
  throw new TypeError('A tensor holds a Float32Array, Float64Array, Int32Array or Uint8Array; convert the data first.');
}

/** True for the dtypes that carry gradients. */
export const isFloat = (dtype: DType): boolean => dtype === 'f32' || dtype === 'f64';

/** Numbers equal to the bit, but for the bits of NaN, which JavaScript leaves open. */
export function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
