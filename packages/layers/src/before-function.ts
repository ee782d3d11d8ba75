import {
  elu,
  flatten,
  gelu,
  hardTanh,
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} from '@nn/tensor';
import type { After } from './following.js';
import { beforeRectifier, beforeSaturation, type Initializer } from './initializers.js';
import type { TensorFunction } from './lambda.js';

const inits: ReadonlyMap<TensorFunction, Initializer> = new Map<TensorFunction, Initializer>([
  [relu, beforeRectifier()],
  [leakyRelu, beforeRectifier(0.01)],
  [elu, beforeRectifier()],
  [gelu, beforeRectifier()],
  [silu, beforeRectifier()],
  [softplus, beforeRectifier()],
  [tanh, beforeSaturation('tanh')],
  [hardTanh, beforeSaturation('tanh')],
  [sigmoid, beforeSaturation('sigmoid')],
  [softmax, beforeSaturation('linear')],
  [logSoftmax, beforeSaturation('linear')],
]);

/** How weights start, with `init: 'auto'`, before a function that stands for a layer; undefined for one that is not known. */
export const initBeforeFunction = (f: TensorFunction, after: After): Initializer | undefined =>
  f === flatten ? after() : inits.get(f);
