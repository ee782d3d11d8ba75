import { Parameter, type Shape } from '@nn/tensor';
import { checkInitializer, fanIn, type Initializer, initialize } from './initializers.js';

/** How a layer's weight and bias start. */
export interface WeightOptions {
  /** False for no bias. Default true. */
  readonly bias?: boolean;
  /** How the weight starts. Default: evenly from ±1/√(inputs of one output), as in PyTorch. */
  readonly init?: Initializer;
  /** How the bias starts. Default: as the weight's default. */
  readonly biasInit?: Initializer;
}

/** Names of `WeightOptions`, for layers that have them. */
export const weightOptions = ['bias', 'init', 'biasInit'] as const;

/** Errors: an initialiser that does not exist. */
export function checkWeightOptions(kind: string, { init, biasInit }: WeightOptions): void {
  checkInitializer(kind, 'init', init);
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
  const weight = new Parameter(initialize(shape, init ?? even));
  if (!bias) return { weight };
  return { weight, bias: new Parameter(initialize([outputs], biasInit ?? even), { decay: false }) };
}
