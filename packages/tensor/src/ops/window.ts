import { formatShape, type Shape, ShapeError } from '../shape.js';

/** One number for both directions, or [vertical, horizontal]. */
export type Size2d = number | readonly [vertical: number, horizontal: number];

/**
 * Zeros around an image: none, as many as keep its size, a number for every side, [vertical, horizontal], or each side. Of
 * the sides, bottom and right may be negative: so many of the last rows or columns are then not looked at.
 */
export type Padding2d = 'valid' | 'same' | Size2d | readonly [top: number, bottom: number, left: number, right: number];

/** How a window slides over an image. */
export interface WindowOptions {
  readonly kernelSize: Size2d;
  /** Steps between windows. Default 1. */
  readonly stride?: Size2d;
  /** Default 'valid'. */
  readonly padding?: Padding2d;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Size2d;
  /** True to add a last window that only partly fits. Default false. */
  readonly ceilMode?: boolean;
}

/** Attributes that kernels over windows share. */
export const windowAttributes = {
  height: 'number',
  width: 'number',
  kernelHeight: 'number',
  kernelWidth: 'number',
  strideHeight: 'number',
  strideWidth: 'number',
  padTop: 'number',
  padLeft: 'number',
  dilationHeight: 'number',
  dilationWidth: 'number',
  outHeight: 'number',
  outWidth: 'number',
} as const;

/** Where windows lie: output (i, j) sees rows `i·strideHeight − padTop + k·dilationHeight`, and columns likewise. */
export type WindowGeometry = { readonly [K in keyof typeof windowAttributes]: number };

export type Pair = readonly [vertical: number, horizontal: number];

/**
 * The windows over images [batch, channels, height, width].
 * Errors: no batch dimension; options out of range; a window larger than the padded image.
 */
export function windowGeometry(images: Shape, options: WindowOptions): WindowGeometry {
  checkImages(images);
  const [, , height, width] = images;
  const kernel = both('kernelSize', options.kernelSize, 1);
  const stride = both('stride', options.stride ?? 1, 1);
  const dilation = both('dilation', options.dilation ?? 1, 1);
  const [top, bottom, left, right] = paddingOf(options.padding ?? 'valid', kernel, stride, dilation);
  const { ceilMode = false } = options;
  const extent = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1];
  return {
    height,
    width,
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
    padTop: top,
    padLeft: left,
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
    outHeight: windowCount('height', extent[0], height, top, bottom, stride[0], ceilMode),
    outWidth: windowCount('width', extent[1], width, left, right, stride[1], ceilMode),
  };
}

/** Both directions of `value`. Errors: anything but whole numbers of at least `least`. */
export function both(name: string, value: Size2d, least: number): Pair {
  const pair = typeof value === 'number' ? ([value, value] as const) : value;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => Number.isInteger(n) && n >= least))
    throw new ShapeError(
      `${name} must be a whole number of at least ${least}, or two of them [vertical, horizontal], not ${show(value)}.`,
    );
  return pair;
}

/** Zeros at the top, bottom, left and right; 'same' puts the odd one after the image. Errors: anything else. */
export function paddingOf(padding: Padding2d, kernel: Pair, stride: Pair, dilation: Pair): readonly number[] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    if (stride[0] !== 1 || stride[1] !== 1)
      throw new ShapeError(`padding 'same' needs stride 1, not ${show(stride)}; give the padding in numbers.`);
    const [vertical, horizontal] = [dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1)];
    const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
    return [top, vertical - top, left, horizontal - left];
  }
  const given: readonly number[] = typeof padding === 'number' ? [padding, padding] : padding;
  const pair = Array.isArray(given) && given.length === 2;
  const sides = pair ? [given[0], given[0], given[1], given[1]] : given;
  const may = (n: number, side: number) => Number.isInteger(n) && (n >= 0 || (!pair && side % 2 === 1));
  if (!Array.isArray(sides) || sides.length !== 4 || !sides.every(may))
    throw new ShapeError(
      `padding must be 'valid', 'same', a whole number, [vertical, horizontal] or [top, bottom, left, right], ` +
        `not ${show(padding)}.`,
    );
  return sides;
}

/**
 * `⌊(size + before + after − extent) / stride⌋ + 1`; in ceil mode rounded up, but without a window that would start in
 * the padding after the image. Errors: not even one window fits.
 */
function windowCount(
  direction: string,
  extent: number,
  size: number,
  before: number,
  after: number,
  stride: number,
  ceilMode: boolean,
): number {
  const room = size + before + after - extent;
  if (room < 0)
    throw new ShapeError(
      `the window's ${direction} is ${extent}, the padded image's only ${size + before + after}; ` +
        'use a smaller kernel or dilation, more padding or a larger image, which is [batch, channels, height, width].',
    );
  if (!ceilMode) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  return (count - 1) * stride >= size + before ? count - 1 : count;
}

/** Errors: x is not a batch of images. */
export function checkImages(shape: Shape): void {
  if (shape.length === 3)
    throw new ShapeError(
      `a batch dimension is required: reshape ${formatShape(shape)} to ${formatShape([1, ...shape])}.`,
    );
  if (shape.length !== 4) throw new ShapeError('x must be [batch, channels, height, width]; reshape it.');
}

/** The outputs along one direction whose window element at `offset` (from the window's start) lies in the image. */
export function outputsInside(
  offset: number,
  size: number,
  stride: number,
  count: number,
): { readonly from: number; readonly to: number } {
  const from = Math.min(count, Math.max(0, Math.ceil(-offset / stride)));
  return { from, to: Math.max(from, Math.min(count, Math.ceil((size - offset) / stride))) };
}

const show = (value: unknown) => JSON.stringify(value) ?? String(value);
