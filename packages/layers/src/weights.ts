import { Parameter, type Shape } from '@nn/tensor';
import { currentAfter, nothing } from './following.js';
import { checkInitializer, fanIn, type Initializer, initialize } from './initializers.js';

/** How a layer's weight and bias start. */
export interface WeightOptions {
  /** False for no bias. Default true. */
  readonly bias?: boolean;
  /**
   * How the weight starts. Default: evenly from ±1/√(inputs of one output), as in PyTorch. 'auto' goes by the activation that
   * follows the layer: He's normal, with its slope, before rectifiers, else Glorot's uniform, with its gain.
   */
  readonly init?: Initializer | 'auto';
  /** How the bias starts. Default: as the weight's default. */
  readonly biasInit?: Initializer;
}

/** Names of `WeightOptions`, for layers that have them. */
export const weightOptions = ['bias', 'init', 'biasInit'] as const;

/** Errors: an initialiser that does not exist. */
export function checkWeightOptions(kind: string, { init, biasInit }: WeightOptions): void {
  if (init !== 'auto') checkInitializer(kind, 'init', init);
  checkInitializer(kind, 'biasInit', biasInit);
}

/** The weight, by default [out, in, ...window], and the bias [out] unless it is not wanted. */
export function makeWeights(
  shape: Shape,
  { bias = true, init, biasInit }: WeightOptions,
  outputs = shape[0],
): { readonly weight: Parameter; readonly bias?: Parameter } {
  const bound = 1 / Math.sqrt(fanIn(shape));
  const even = { name: 'uniform', low: -bound, high: bound } as const;
  const start = init === 'auto' ? (currentAfter() ?? nothing)() : (init ?? even);
  const weight = new Parameter(initialize(shape, start));
  if (!bias) return { weight };
  return { weight, bias: new Parameter(initialize([outputs], biasInit ?? even), { decay: false }) };
}
