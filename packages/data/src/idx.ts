import { allocate, type DType, formatShape, sizeOf, type Tensor, tensor } from '@nn/tensor';
import { DataError } from './data-error.js';

interface Kind {
  readonly dtype: DType;
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}

/** The types of the format by their code; numbers are stored with the highest byte first. */
const kinds: Readonly<Record<number, Kind>> = {
  8: { dtype: 'u8', bytes: 1, read: (view, offset) => view.getUint8(offset) },
  9: { dtype: 'i32', bytes: 1, read: (view, offset) => view.getInt8(offset) },
  11: { dtype: 'i32', bytes: 2, read: (view, offset) => view.getInt16(offset) },
  12: { dtype: 'i32', bytes: 4, read: (view, offset) => view.getInt32(offset) },
  13: { dtype: 'f32', bytes: 4, read: (view, offset) => view.getFloat32(offset) },
  14: { dtype: 'f64', bytes: 8, read: (view, offset) => view.getFloat64(offset) },
};

/**
 * The tensor in a file of the IDX format: two zero bytes, a type code, the number of dimensions, each size as 32 bits,
 * the numbers. Signed integers of 8 and 16 bits become i32; unsigned bytes are not copied.
 * Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", File formats.
 *
 * Errors (DataError): no IDX file, an unknown type, fewer or more bytes than its header says.
 *
 * @param name what messages call it: its path
 */
export function parseIdx(bytes: Uint8Array, { name = 'the data' }: { readonly name?: string } = {}): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const kind = kinds[bytes[2]];
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || !kind) {
    const expected = 'an IDX file starts with 00 00, a type (08, 09, 0b, 0c, 0d or 0e) and the number of dimensions';
    throw new DataError(
      `${name} is no IDX file: its magic number is ${magic || 'missing'}, but ${expected}. Replace it with the original.`,
    );
  }
  const header = 4 + 4 * bytes[3];
  const cut = (expected: string) =>
    new DataError(`${name} is cut short: it has ${bytes.length} bytes of ${expected}. Replace it with the original.`);
  if (bytes.length < header) throw cut(`a header of ${header}`);
  const shape = Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = sizeOf(shape);
  const length = header + size * kind.bytes;
  if (bytes.length < length) throw cut(`${length}, for ${formatShape(shape)}`);
  if (bytes.length > length) {
    const surplus = `${bytes.length - length} bytes more than its header says (${formatShape(shape)}, ${length} bytes)`;
    throw new DataError(`${name} is too long: it has ${surplus}. Replace it with the original.`);
  }
  if (kind.dtype === 'u8') return tensor(new Uint8Array(bytes.buffer, bytes.byteOffset + header, size), { shape });
  const data = allocate(kind.dtype, size);
  for (let i = 0; i < size; i++) data[i] = kind.read(view, header + i * kind.bytes);
  return tensor(data, { shape });
}
