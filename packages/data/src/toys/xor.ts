import { checkOptions } from '@nn/tensor';
import type { TensorDataset } from '../tensor-dataset.js';
import { labelled, type TargetOptions } from './labelled.js';

/**
 * The four corners of the unit square, of class 1 where exactly one coordinate is 1: no straight line parts the classes.
 * Shapes: x f32 [4, 2], y i32 [4] or f32 [4, 1]. Source: Minsky & Papert 1969, "Perceptrons".
 */
export function xor(options: TargetOptions = {}): TensorDataset {
  checkOptions('xor', options, ['target']);
  return labelled([0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0], options);
}
