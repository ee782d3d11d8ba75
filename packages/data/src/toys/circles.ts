import type { TensorDataset } from '../tensor-dataset.js';
import { alongCurves, checkToyOptions, type ToyOptions } from './labelled.js';

/**
 * A circle within another: class 0 along the unit circle, class 1 along one of radius `factor`, both evenly.
 * Shapes: x f32 [n, 2], y i32 [n] or f32 [n, 1]. Source: `make_circles` of scikit-learn.
 *
 * @param options.factor the inner circle's radius, between 0 and 1. Default 0.5.
 */
export function circles(options: ToyOptions & { readonly factor?: number } = {}): TensorDataset {
  checkToyOptions('circles', options, ['factor']);
  const { factor = 0.5 } = options;
  if (!(factor > 0 && factor < 1)) throw new RangeError(`circles: factor ${factor} is not between 0 and 1.`);
  const radii = [1, factor];
  return alongCurves(options, (label, t) => [radii[label] * Math.cos(t), radii[label] * Math.sin(t)], {
    end: 2 * Math.PI,
    closed: true,
  });
}
