import { checkOptions, checkRange, OptionError, tensor } from '@nn/tensor';
import { TensorDataset } from '../tensor-dataset.js';
import { normalNumbers } from './normal-numbers.js';

export interface TargetOptions {
  /** 'class' for labels i32 [n], as cross-entropy takes them (default); 'value' for 0 or 1 as f32 [n, 1]. */
  readonly target?: 'class' | 'value';
}

export interface ToyOptions extends TargetOptions {
  /** Points in all, half of each class; of an odd number class 1 has one more. Default 200. */
  readonly samples?: number;
  /** The standard deviation of what is added to each coordinate. Default 0.1. */
  readonly noise?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Errors (OptionError): an option that the toy set called `owner` does not have; `own` are those beyond ToyOptions. */
export const checkToyOptions = (owner: string, options: object, own: readonly string[] = []): void =>
  checkOptions(owner, options, ['samples', 'noise', 'seed', 'target', ...own]);

/** Points in the plane as a dataset. Shapes: x f32 [n, 2], y i32 [n] or f32 [n, 1]. */
export function labelled(points: readonly number[], classes: readonly number[], { target = 'class' }: TargetOptions) {
  if (target !== 'class' && target !== 'value')
    throw new OptionError(`A toy set: target is 'class' or 'value', not "${target}".`);
  const x = tensor(Float32Array.from(points), { shape: [classes.length, 2] });
  const y =
    target === 'value'
      ? tensor(Float32Array.from(classes), { shape: [classes.length, 1] })
      : tensor(Int32Array.from(classes));
  return new TensorDataset({ x, y });
}

/**
 * Two classes of points, each along its curve: `curve(label, t)` is a point for t from 0 to `end`, or to just before it.
 */
export function alongCurves(
  { samples = 200, noise = 0.1, seed = 0, target }: ToyOptions,
  curve: (label: number, t: number) => readonly [number, number],
  { end, closed }: { readonly end: number; readonly closed: boolean },
): TensorDataset {
  if (!Number.isInteger(samples) || samples < 2)
    throw new RangeError(`A toy set of ${samples} samples; it takes a whole number from 2 up.`);
  checkRange('A toy set', 'noise', noise);
  const half = Math.floor(samples / 2);
  const classes = Array.from({ length: samples }, (_, i) => (i < half ? 0 : 1));
  const points = classes.flatMap((label, i) => {
    const [position, count] = label === 0 ? [i, half] : [i - half, samples - half];
    return curve(label, (end * position) / Math.max(closed ? count : count - 1, 1));
  });
  const shifts = normalNumbers(points.length, seed);
  return labelled(
    points.map((value, i) => value + noise * shifts[i]),
    classes,
    { target },
  );
}
