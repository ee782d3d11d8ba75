import { type Shape, ShapeError } from '../shape.js';
import {
  both,
  outputsInside,
  type Size2d,
  type WindowGeometry,
  type WindowOptions,
  windowAttributes,
  windowGeometry,
} from './window.js';

export interface PoolOptions extends Omit<WindowOptions, 'padding' | 'dilation'> {
  /** Steps between windows. Default: the window's size. */
  readonly stride?: Size2d;
  /** Rows and columns around the image, on either side. Default 0. */
  readonly padding?: 'valid' | Size2d;
}

export const poolAttributes = { batch: 'number', channels: 'number', ...windowAttributes } as const;

/** Sizes of a pooling: x [batch, channels, height, width] → y [batch, channels, outHeight, outWidth]. */
export type PoolGeometry = WindowGeometry & { readonly batch: number; readonly channels: number };

/**
 * The windows of a pooling over images.
 * Errors: no batch dimension; options out of range; a window larger than the padded image, or wholly in the padding.
 */
export function poolGeometry(images: Shape, options: PoolOptions & { readonly dilation?: Size2d }): PoolGeometry {
  const { kernelSize, stride = kernelSize, padding = 0 } = options;
  if (padding !== 'valid') both('padding', padding, 0);
  const windows = windowGeometry(images, { ...options, stride });
  const { kernelHeight, dilationHeight, padTop, height, strideHeight, outHeight } = windows;
  const { kernelWidth, dilationWidth, padLeft, width, strideWidth, outWidth } = windows;
  if (
    !everyWindowMeets(kernelHeight, dilationHeight, padTop, height, strideHeight, outHeight) ||
    !everyWindowMeets(kernelWidth, dilationWidth, padLeft, width, strideWidth, outWidth)
  )
    throw new ShapeError(`a window lies wholly in the padding; use less padding than ${JSON.stringify(padding)}.`);
  return { batch: images[0], channels: images[1], ...windows };
}

function everyWindowMeets(
  kernel: number,
  dilation: number,
  before: number,
  size: number,
  stride: number,
  count: number,
): boolean {
  if (before === 0) return true;
  const meets = new Array<boolean>(count).fill(false);
  for (let k = 0; k < kernel; k++) {
    const { from, to } = outputsInside(k * dilation - before, size, stride, count);
    meets.fill(true, from, to);
  }
  return meets.every(Boolean);
}
