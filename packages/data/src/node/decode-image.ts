import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { DataError } from '../data-error.js';

/** Pixels row by row, each as red, green, blue and opacity, 0…255. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The pixels of a PNG or JPEG file, told apart by their first bytes.
 * Errors (DataError): neither of the two, or damaged.
 *
 * @param name what messages call it: its path
 */
export function decodeImage(bytes: Uint8Array, name: string): Pixels {
  const decode = decoders.find(({ signature }) => signature.every((byte, i) => bytes[i] === byte));
  if (!decode) throw new DataError(`${name} is neither a PNG nor a JPEG image`);
  try {
    return decode.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    throw new DataError(`${name} is a damaged ${decode.format} image (${(error as Error).message})`);
  }
}

const decoders = [
  { format: 'PNG', signature: [0x89, 0x50, 0x4e, 0x47], decode: (bytes: Buffer): Pixels => PNG.sync.read(bytes) },
  {
    format: 'JPEG',
    signature: [0xff, 0xd8, 0xff],
    decode: (bytes: Buffer): Pixels => jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false }),
  },
];
