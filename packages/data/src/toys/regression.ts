import { checkCount, checkOptions, checkRange, tensor } from '@nn/tensor';
import { TensorDataset } from '../tensor-dataset.js';
import { normalNumbers } from './normal-numbers.js';

export interface RegressionOptions {
  /** Default 1000. */
  readonly samples?: number;
  /** Default 45. */
  readonly features?: number;
  /** How many features, the first ones, tell anything of the target. Default 10, or all if there are fewer. */
  readonly informative?: number;
  /** The standard deviation of what is added to the target, whose own is about 1. Default 0.1. */
  readonly noise?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * A target that is a linear function of some features: `y = x·w + b + noise·ε`, where x, ε and b are of a standard normal
 * distribution, and so are √informative · w of the informative features; the other w are 0. Weights depend on the seed,
 * `features` and `informative` alone. Shapes: x f32 [n, features], y f32 [n, 1]. Source: `make_regression` of scikit-learn.
 *
 * Errors: fewer than one sample or feature; more informative features than features.
 */
export function regression(options: RegressionOptions = {}): TensorDataset {
  checkOptions('regression', options, ['samples', 'features', 'informative', 'noise', 'seed']);
  const { samples = 1000, features = 45, noise = 0.1, seed = 0 } = options;
  const { informative = Math.min(10, features) } = options;
  checkCount('regression', 'samples', samples);
  checkCount('regression', 'features', features);
  checkCount('regression', 'informative', informative);
  checkRange('regression', 'informative', informative, { to: features });
  checkRange('regression', 'noise', noise);
  const numbers = normalNumbers(features + 1 + samples * (features + 1), seed);
  const bias = numbers[features];
  const x = new Float32Array(samples * features);
  const y = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    const row = numbers.slice((i + 1) * (features + 1), (i + 2) * (features + 1));
    x.set(row.slice(0, features), i * features);
    let target = bias + noise * row[features];
    for (let j = 0; j < informative; j++) target += (row[j] * numbers[j]) / Math.sqrt(informative);
    y[i] = target;
  }
  return new TensorDataset({ x: tensor(x, { shape: [samples, features] }), y: tensor(y, { shape: [samples, 1] }) });
}
