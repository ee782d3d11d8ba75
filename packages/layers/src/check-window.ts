import { OptionError } from '@nn/tensor';

/** In how many directions a window slides: 1 over sequences, 2 over images, 3 over volumes. */
export type Directions = 1 | 2 | 3;

/** One number, or one a direction. */
export type Size = number | readonly number[];

export interface Window {
  readonly kernelSize: Size;
  readonly stride?: Size;
  readonly dilation?: Size;
  readonly padding?: 'valid' | 'same' | Size;
}

const oneEach = {
  1: '',
  2: ', or two of them [vertical, horizontal]',
  3: ', or three of them [depth, vertical, horizontal]',
};
const eachSide = {
  1: '[before, after]',
  2: '[top, bottom, left, right]',
  3: '[front, back, top, bottom, left, right]',
};

/** Errors: sizes of a sliding window that are not whole numbers, or too small, or too many. */
export function checkWindow(
  kind: string,
  { kernelSize, stride = 1, dilation = 1 }: Window,
  directions: Directions = 2,
): void {
  checkSizes(kind, 'kernelSize', kernelSize, 1, directions);
  checkSizes(kind, 'stride', stride, 1, directions);
  checkSizes(kind, 'dilation', dilation, 1, directions);
}

/** Errors: a padding that pooling does not take. */
export function checkPoolPadding(kind: string, { padding = 0 }: Window, directions: Directions = 2): void {
  if (padding !== 'valid') checkSizes(kind, 'padding', padding, 0, directions, "'valid', ");
}

/** Errors: a padding that no convolution takes; 'same' with a stride. */
export function checkConvolutionPadding(
  kind: string,
  { padding = 0, stride = 1 }: Window,
  directions: Directions = 2,
): void {
  if (padding === 'same' && [stride].flat().some((step) => step !== 1))
    throw new OptionError(`${kind}: padding 'same' needs stride 1; give the padding in numbers.`);
  if (padding !== 'valid' && padding !== 'same') checkPadding(kind, padding, directions, "'valid', 'same', ");
}

/** Errors: anything but a number for every side, one a direction, or one a side. */
export function checkPadding(kind: string, padding: unknown, directions: Directions = 2, others = ''): void {
  if (!areSizes(padding, 2 * directions, 0))
    checkSizes(kind, 'padding', padding, 0, directions, `${others}${eachSide[directions]}, `);
}

/** Errors: an output padding that is not less than stride or dilation. */
export function checkOutputPadding(kind: string, options: Window & { readonly outputPadding?: Size }): void {
  const { outputPadding = 0, stride = 1, dilation = 1 } = options;
  checkSizes(kind, 'outputPadding', outputPadding, 0);
  const [steps, distances] = [perDirection(stride, 2), perDirection(dilation, 2)];
  perDirection(outputPadding, 2).forEach((added, axis) => {
    if (added >= Math.max(steps[axis], distances[axis]))
      throw new OptionError(
        `${kind}: outputPadding ${added} must be less than the stride ${steps[axis]} or the dilation ${distances[axis]}.`,
      );
  });
}

/** A size in each direction. */
export const perDirection = (size: Size, directions: Directions): readonly number[] =>
  typeof size === 'number' ? new Array<number>(directions).fill(size) : size;

/** Errors: anything but a whole number of at least `least`, or one a direction. */
export function checkSizes(
  kind: string,
  name: string,
  value: unknown,
  least: number,
  directions: Directions = 2,
  others = '',
): void {
  if (areSizes(typeof value === 'number' ? perDirection(value, directions) : value, directions, least)) return;
  throw new OptionError(
    `${kind}: ${name} must be ${others}a whole number of at least ${least}${oneEach[directions]}, ` +
      `not ${JSON.stringify(value)}.`,
  );
}

const areSizes = (value: unknown, count: number, least: number): boolean =>
  Array.isArray(value) && value.length === count && value.every((size) => Number.isInteger(size) && size >= least);
