import type { TensorDataset } from '../tensor-dataset.js';
import { alongCurves, checkToyOptions, type ToyOptions } from './labelled.js';

/**
 * Two half circles that reach into each other: class 0 along (cos t, sin t), class 1 along (1 − cos t, ½ − sin t), t evenly
 * from 0 to π. Shapes: x f32 [n, 2], y i32 [n] or f32 [n, 1]. Source: `make_moons` of scikit-learn.
 */
export function moons(options: ToyOptions = {}): TensorDataset {
  checkToyOptions('moons', options);
  return alongCurves(
    options,
    (label, t) => (label === 0 ? [Math.cos(t), Math.sin(t)] : [1 - Math.cos(t), 0.5 - Math.sin(t)]),
    { end: Math.PI, closed: false },
  );
}
