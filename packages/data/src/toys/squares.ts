import type { TensorDataset } from '../tensor-dataset.js';
import { alongCurves, checkToyOptions, type ToyOptions } from './labelled.js';

/**
 * A square within another, both about the origin: class 0 along `max(|x₀|, |x₁|) = 1`, class 1 along `= factor`, evenly,
 * counter-clockwise from the lower right corner. Shapes: x f32 [n, 2], y i32 [n] or f32 [n, 1].
 *
 * @param options.factor half the inner square's side, between 0 and 1. Default 0.5.
 */
export function squares(options: ToyOptions & { readonly factor?: number } = {}): TensorDataset {
  checkToyOptions('squares', options, ['factor']);
  const { factor = 0.5 } = options;
  if (!(factor > 0 && factor < 1)) throw new RangeError(`squares: factor ${factor} is not between 0 and 1.`);
  const halves = [1, factor];
  return alongCurves(
    options,
    (label, t) => {
      const side = Math.floor(t);
      const along = 2 * (t - side) - 1;
      const [a, b] = [
        [1, along],
        [-along, 1],
        [-1, -along],
        [along, -1],
      ][side];
      return [halves[label] * a, halves[label] * b];
    },
    { end: 4, closed: true },
  );
}
