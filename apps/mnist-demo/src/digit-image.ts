import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { Failure } from './failure.js';

/** The width and height of MNIST's images, in pixels. */
const side = 28;

/** One digit as the networks know it: light on dark. */
export interface DigitImage {
  /** Brightness 0…255, row by row, [28, 28]. */
  readonly pixels: Uint8Array;
  /** True when the file was dark on light. */
  readonly inverted: boolean;
}

/**
 * Reads a PNG of one digit, 28×28 pixels of any colour type. Colours become brightness, transparent pixels count as
 * white; dark digits on a light ground, as on paper, are inverted.
 * Errors (Failure): a file that is missing, no PNG, damaged, of another size, or of one colour.
 */
export async function readDigit(path: string): Promise<DigitImage> {
  const data = decode(path, await read(path));
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => brightness(data.subarray(4 * i, 4 * i + 4)));
  if (pixels.every((value) => value === pixels[0]))
    throw new Failure(`${path} shows no digit: all its pixels are of one brightness.`);
  const inverted = borderBrightness(pixels) > 127;
  return { pixels: inverted ? pixels.map((value) => 255 - value) : pixels, inverted };
}

/** Rec. 601 luma of a pixel [red, green, blue, alpha] over white. */
function brightness([red, green, blue, alpha]: Uint8Array): number {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return Math.round(255 + (luma - 255) * (alpha / 255));
}

/** The mean over the outermost pixels: MNIST's digits lie in the middle, so that is the ground. */
function borderBrightness(pixels: Uint8Array): number {
  const onBorder = (i: number) => i % side === 0 || i % side === side - 1 || i < side || i >= side * (side - 1);
  const border = pixels.filter((_, i) => onBorder(i));
  return border.reduce((sum, value) => sum + value, 0) / border.length;
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = { ENOENT: 'does not exist', EISDIR: 'is a directory', EACCES: 'may not be read' }[error.code ?? ''];
    throw new Failure(`${path} ${reason ?? `cannot be read (${error.message})`}; give the path of a PNG image.`);
  });
}

/** Red, green, blue and alpha of every pixel. */
function decode(path: string, bytes: Buffer): Buffer {
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n')
    throw new Failure(`${path} is no PNG image; convert it to a PNG of ${side}×${side} pixels.`);
  const [width, height] = bytes.length < 24 ? [side, side] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width !== side || height !== side)
    throw new Failure(`${path} is ${width}×${height} pixels; a digit must be ${side}×${side}: scale it and try again.`);
  try {
    return PNG.sync.read(bytes).data;
  } catch (error) {
    throw new Failure(`${path} is a damaged PNG image (${(error as Error).message}); make it anew.`);
  }
}
