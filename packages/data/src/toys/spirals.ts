import type { TensorDataset } from '../tensor-dataset.js';
import { alongCurves, checkToyOptions, type ToyOptions } from './labelled.js';

/**
 * Two spirals wound about each other: class k along `r (cos φ, sin φ)`, `r = 0.1 + 0.9 t`, `φ = 2π·turns·t + π·k`, t evenly
 * from 0 to 1. Shapes: x f32 [n, 2], y i32 [n] or f32 [n, 1].
 * Source: Lang & Witbrock 1988, "Learning to tell two spirals apart" (three turns; other radii).
 *
 * @param options.turns how often each goes round, above 0. Default 1.5.
 * @param options.noise as for the others; default 0.02, as the arms are closer.
 */
export function spirals(options: ToyOptions & { readonly turns?: number } = {}): TensorDataset {
  checkToyOptions('spirals', options, ['turns']);
  const { turns = 1.5, noise = 0.02 } = options;
  if (!(turns > 0 && turns < Infinity)) throw new RangeError(`spirals: ${turns} turns; use a number above 0.`);
  return alongCurves(
    { ...options, noise },
    (label, t) => {
      const [radius, angle] = [0.1 + 0.9 * t, Math.PI * (2 * turns * t + label)];
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    },
    { end: 1, closed: false },
  );
}
