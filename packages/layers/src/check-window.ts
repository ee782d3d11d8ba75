import { OptionError, type Padding2d, type Size2d } from '@nn/tensor';

interface Window {
  readonly kernelSize: Size2d;
  readonly stride?: Size2d;
  readonly dilation?: Size2d;
  readonly padding?: Padding2d;
}

/** Errors: sizes of a window that slides over images that are not whole numbers, or too small, or too many. */
export function checkWindow(kind: string, { kernelSize, stride = 1, dilation = 1 }: Window): void {
  checkSizes(kind, 'kernelSize', kernelSize, 1);
  checkSizes(kind, 'stride', stride, 1);
  checkSizes(kind, 'dilation', dilation, 1);
}

/** Errors: a padding that pooling does not take. */
export function checkPoolPadding(kind: string, { padding = 0 }: Window): void {
  if (padding !== 'valid') checkSizes(kind, 'padding', padding, 0, "'valid', ");
}

/** Errors: a padding that no convolution takes; 'same' with a stride. */
export function checkConvolutionPadding(kind: string, { padding = 0, stride = 1 }: Window): void {
  if (padding === 'same' && [stride].flat().some((step) => step !== 1))
    throw new OptionError(`${kind}: padding 'same' needs stride 1; give the padding in numbers.`);
  if (padding === 'valid' || padding === 'same') return;
  const pairs = Array.isArray(padding) && padding.length === 4 ? [padding.slice(0, 2), padding.slice(2)] : [padding];
  for (const pair of pairs)
    checkSizes(kind, 'padding', pair, 0, "'valid', 'same', [top, bottom, left, right], ", padding);
}

/** Errors: an output padding that is not less than stride or dilation. */
export function checkOutputPadding(kind: string, options: Window & { readonly outputPadding?: Size2d }): void {
  const { outputPadding = 0, stride = 1, dilation = 1 } = options;
  checkSizes(kind, 'outputPadding', outputPadding, 0);
  both(outputPadding).forEach((added, axis) => {
    const [step, distance] = [both(stride)[axis], both(dilation)[axis]];
    if (added >= Math.max(step, distance))
      throw new OptionError(
        `${kind}: outputPadding ${added} must be less than the stride ${step} or the dilation ${distance}.`,
      );
  });
}

/** A size in both directions. */
export const both = (size: Size2d): readonly [vertical: number, horizontal: number] =>
  typeof size === 'number' ? [size, size] : size;

function checkSizes(kind: string, name: string, value: unknown, least: number, others = '', given = value): void {
  const sizes = Array.isArray(value) ? value : [value, value];
  if (sizes.length === 2 && sizes.every((size) => Number.isInteger(size) && size >= least)) return;
  throw new OptionError(
    `${kind}: ${name} must be ${others}a whole number of at least ${least}, or two of them [vertical, horizontal], ` +
      `not ${JSON.stringify(given)}.`,
  );
}
