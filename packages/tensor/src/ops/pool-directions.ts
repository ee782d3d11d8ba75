import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import {
  type DirectedOptions,
  type Direction,
  directionNames,
  directionsOf,
  imageWindow,
  refuse,
  type Size3d,
  still,
} from './directions.js';
import { reshape } from './reshape.js';
import type { Size2d } from './window.js';

export interface Pool1dOptions {
  readonly kernelSize: number;
  /** Steps between windows. Default: the window's size. */
  readonly stride?: number;
  /** Elements around the sequence, on either side. Default 0. */
  readonly padding?: 'valid' | number;
  /** True to add a last window that only partly fits. Default false. */
  readonly ceilMode?: boolean;
}

export interface Pool3dOptions {
  readonly kernelSize: Size3d;
  /** Steps between windows. Default: the window's size. */
  readonly stride?: Size3d;
  /** Planes, rows and columns around the volume, on either side. Default 0. */
  readonly padding?: 'valid' | Size3d;
  /** True to add a last window that only partly fits. Default false. */
  readonly ceilMode?: boolean;
}

interface PoolWindow {
  readonly kernelSize: Size2d;
  readonly stride: Size2d;
  readonly dilation: Size2d;
  readonly padding: Size2d;
}

/** A pooling of images by a window. */
type Pool2d = (images: Tensor, window: PoolWindow) => Tensor;

/** Pools sequences as images of height 1. Shapes: x [batch, channels, L] → y [batch, channels, L']. */
export function poolSequences(
  op: string,
  x: Tensor,
  options: DirectedOptions,
  known: readonly string[],
  pool: Pool2d,
): Tensor {
  const [along] = poolDirections(op, x, directionNames[1], options, known);
  const [batch, channels, length] = x.shape;
  const y = pool(reshape(x, [batch, channels, 1, length]), windowOf(still, along));
  return reshape(y, [batch, channels, y.shape[3]]);
}

/**
 * Pools volumes plane by plane, then what came of it over depth: so for maxima, whose largest is that of the planes' largest,
 * and for means, whose windows are boxes. Shapes: x [batch, channels, D, H, W] → y [batch, channels, D', H', W'].
 */
export function poolVolumes(
  op: string,
  x: Tensor,
  options: DirectedOptions,
  known: readonly string[],
  pool: Pool2d,
): Tensor {
  const [along, vertical, horizontal] = poolDirections(op, x, directionNames[3], options, known);
  const [batch, channels, depth, ...plane] = x.shape;
  const planes = pool(reshape(x, [batch, channels * depth, ...plane]), windowOf(vertical, horizontal));
  const [, , outHeight, outWidth] = planes.shape;
  const y = pool(reshape(planes, [batch, channels, depth, outHeight * outWidth]), windowOf(along, still));
  return reshape(y, [batch, channels, y.shape[2], outHeight, outWidth]);
}

function poolDirections(
  op: string,
  x: Tensor,
  names: readonly string[],
  options: DirectedOptions,
  known: readonly string[],
): readonly Direction[] {
  checkOptions(op, options, known);
  const stride = options.stride ?? options.kernelSize;
  const directions = directionsOf(op, x.shape, names, { ...options, stride });
  if (options.padding === 'same' || directions.some(({ before, after }) => before !== after))
    refuse(op, { x: x.shape }, `pooling pads both ends alike, by a number, not by ${JSON.stringify(options.padding)}.`);
  return directions;
}

const windowOf = (vertical: Direction, horizontal: Direction): PoolWindow => ({
  ...imageWindow(vertical, horizontal),
  padding: [vertical.before, horizontal.before],
});
