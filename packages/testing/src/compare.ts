import { type Data, formatShape, type Shape, sameShape, type Tensor } from '@nn/tensor';

const indexOf = (position: number, shape: Shape): string => {
  let rest = position;
  const index = [...shape].reverse().map((size) => {
    const i = rest % size;
    rest = Math.floor(rest / size);
    return i;
  });
  return formatShape(index.reverse());
};

const shown = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

/** Where two arrays differ by a bit, and how; undefined where they do not. 0 is not -0; NaN is NaN, whatever its bits. */
export function differenceInBits(got: Data, expected: Data): string | undefined {
  if (got.length !== expected.length) return `${got.length} elements instead of ${expected.length}`;
  for (let i = 0; i < got.length; i++)
    if (!Object.is(got[i], expected[i])) return `element ${i} is ${shown(got[i])} instead of ${shown(expected[i])}`;
  return undefined;
}

/** The root mean square of the numbers that are finite; 0 of none. */
export function magnitude(data: Data): number {
  let squares = 0;
  let finite = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    squares += value * value;
    finite++;
  }
  return finite > 0 ? Math.sqrt(squares / finite) : 0;
}

/**
 * The worst difference above `tolerance`, undefined where there is none. It is relative to the expected number plus the
 * root mean square of them all, plus `floor`, since what is left of a sum that cancels is rounding. NaN equals NaN, and infinities must be equal.
 */
export function difference(got: Data, expected: Data, tolerance: number, floor = 0): string | undefined {
  if (got.length !== expected.length) return `${got.length} elements instead of ${expected.length}`;
  const scale = magnitude(expected) + floor;
  let worst = -1;
  let largest = tolerance;
  for (let i = 0; i < got.length; i++) {
    if (Object.is(got[i], expected[i]) || got[i] === expected[i]) continue;
    const error = Math.abs(got[i] - expected[i]) / (Math.abs(expected[i]) + scale);
    if (error <= largest) continue;
    largest = Number.isNaN(error) ? Infinity : error;
    worst = i;
    if (largest === Infinity) break;
  }
  if (worst < 0) return undefined;
  return `element ${worst} is ${shown(got[worst])} instead of ${shown(expected[worst])} (relative error ${largest.toExponential(1)}, allowed ${tolerance.toExponential(0)})`;
}

export interface CloseOptions {
  /** The largest relative error. Default 1e-9 for f64, 1e-5 for f32, 0 for integers. */
  readonly tolerance?: number;
  /** What the tensor is called in the error. Default `tensor`. */
  readonly name?: string;
}

const defaultTolerance = { f32: 1e-5, f64: 1e-9, i32: 0, u8: 0 };

/** Checks that two tensors have the same shape, dtype and numbers, within a tolerance. Errors: where they differ, and by how much. */
export function assertClose(got: Tensor, expected: Tensor, options: CloseOptions = {}): void {
  const { tolerance = defaultTolerance[expected.dtype], name = 'tensor' } = options;
  assertSameForm(got, expected, name);
  const found = difference(got.data, expected.data, tolerance);
  if (found) throw new Error(`${name}${place(found, expected.shape)}`);
}

/** Checks that two tensors have the same shape, dtype and bits. Errors: the first element that differs. */
export function assertSameBits(got: Tensor, expected: Tensor, name = 'tensor'): void {
  assertSameForm(got, expected, name);
  const found = differenceInBits(got.data, expected.data);
  if (found) throw new Error(`${name}${place(found, expected.shape)}; the bits must be equal`);
}

const place = (found: string, shape: Shape) =>
  found.replace(/^element (\d+)/, (_, i: string) => ` at ${indexOf(Number(i), shape)}`);

function assertSameForm(got: Tensor, expected: Tensor, name: string): void {
  if (got.dtype !== expected.dtype) throw new Error(`${name} is ${got.dtype} instead of ${expected.dtype}`);
  if (!sameShape(got.shape, expected.shape))
    throw new Error(`${name} is ${formatShape(got.shape)} instead of ${formatShape(expected.shape)}`);
}
