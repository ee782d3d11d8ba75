import { inLayer } from '../scope.js';
import { formatShape, type Shape, ShapeError } from '../shape.js';
import type { Padding2d, Size2d } from './window.js';

/** One number for all directions, or [depth, vertical, horizontal]. */
export type Size3d = number | readonly [depth: number, vertical: number, horizontal: number];

/** Zeros around a sequence: none, as many as keep its length, a number for both ends, or each end. */
export type Padding1d = 'valid' | 'same' | number | readonly [before: number, after: number];

/** Zeros around a volume: none, as many as keep its size, a number for every side, one a direction, or each side. */
export type Padding3d =
  | 'valid'
  | 'same'
  | Size3d
  | readonly [front: number, back: number, top: number, bottom: number, left: number, right: number];

/** The options of a window that slides over sequences (`D` = 1) or volumes (`D` = 3). */
export interface DirectedOptions {
  readonly kernelSize: number | readonly number[];
  readonly stride?: number | readonly number[];
  readonly padding?: 'valid' | 'same' | number | readonly number[];
  readonly dilation?: number | readonly number[];
}

/** How a window moves in one direction, with zeros before and after what it looks at. */
export interface Direction {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** What the directions of sequences and volumes are called. */
export const directionNames = { 1: ['length'], 3: ['depth', 'height', 'width'] } as const;

/** A direction in which nothing moves. */
export const still: Direction = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/**
 * A window over x [batch, channels, ...], direction by direction, for `op`. Errors: options out of range; no batch dimension;
 * a window larger than the padded x.
 */
export function directionsOf(
  op: string,
  x: Shape,
  names: readonly string[],
  options: DirectedOptions,
): readonly Direction[] {
  const fail = (problem: string): never => refuse(op, { x }, problem);
  if (x.length === names.length + 1)
    fail(`a batch dimension is required: reshape ${formatShape(x)} to ${formatShape([1, ...x])}.`);
  if (x.length !== names.length + 2) fail(`x must be [batch, channels, ${names.join(', ')}]; reshape it.`);

  const several = names.length > 1 ? `, or one each for [${names.join(', ')}]` : '';
  const sizes = (name: string, value: number | readonly number[], least: number): readonly number[] => {
    const each = typeof value === 'number' ? names.map(() => value) : value;
    if (isSizes(each, names.length, least)) return each;
    return fail(`${name} must be a whole number of at least ${least}${several}, not ${JSON.stringify(value)}.`);
  };
  const kernel = sizes('kernelSize', options.kernelSize, 1);
  const stride = sizes('stride', options.stride ?? 1, 1);
  const dilation = sizes('dilation', options.dilation ?? 1, 1);
  const { padding = 'valid' } = options;
  if (padding === 'same' && stride.some((step) => step !== 1))
    fail(`padding 'same' needs stride 1, not ${JSON.stringify(stride)}; give the padding in numbers.`);

  const extents = kernel.map((size, i) => dilation[i] * (size - 1) + 1);
  const sides = ((): readonly number[] => {
    if (padding === 'valid') return names.flatMap(() => [0, 0]);
    if (padding === 'same')
      return extents.flatMap((extent) => [Math.floor((extent - 1) / 2), Math.ceil((extent - 1) / 2)]);
    if (isSizes(padding, 2 * names.length, 0)) return padding;
    return sizes('padding', padding, 0).flatMap((size) => [size, size]);
  })();
  return names.map((name, i) => {
    const [before, after] = sides.slice(2 * i);
    const padded = x[2 + i] + before + after;
    if (extents[i] > padded)
      fail(
        `the window's ${name} is ${extents[i]}, the padded input's only ${padded}; ` +
          'use a smaller kernel or dilation, more padding or a larger input.',
      );
    return { kernel: kernel[i], stride: stride[i], dilation: dilation[i], before, after };
  });
}

/** The two directions of a window over images. */
export const imageWindow = (vertical: Direction, horizontal: Direction) => ({
  kernelSize: [vertical.kernel, horizontal.kernel] satisfies Size2d,
  stride: [vertical.stride, horizontal.stride] satisfies Size2d,
  dilation: [vertical.dilation, horizontal.dilation] satisfies Size2d,
  padding: [vertical.before, vertical.after, horizontal.before, horizontal.after] satisfies Padding2d,
});

/** Errors: always, naming the op, the layer and the shapes. */
export function refuse(op: string, shapes: Readonly<Record<string, Shape>>, problem: string): never {
  const given = Object.entries(shapes).map(([name, shape]) => `${name} ${formatShape(shape)}`);
  throw new ShapeError(`${op}${inLayer()} with ${given.join(', ')}: ${problem}`);
}

const isSizes = (value: unknown, count: number, least: number): value is readonly number[] =>
  Array.isArray(value) && value.length === count && value.every((size) => Number.isInteger(size) && size >= least);
