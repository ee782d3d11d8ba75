import { checkOptions, checkRange, type Parameter, type Tensor, tensor } from '@nn/tensor';

/** Which parameters weight decay shrinks: those with `decay` true (weights, not biases or norms), or all of them. */
export type Decay = 'weights' | 'all';

/** Parameters that are updated with settings of their own. */
export interface ParameterGroup {
  readonly parameters: Iterable<Parameter>;
  /** Default: the optimizer's. A later change of the optimizer's changes this one in proportion. */
  readonly learningRate?: number;
  /** Default: the optimizer's. */
  readonly weightDecay?: number;
  /** Default: the optimizer's. */
  readonly decay?: Decay;
}

/** The groups with their parameters as lists. Errors: something else, such as the parameters themselves. */
export function listGroups(owner: string, groups: readonly ParameterGroup[]) {
  if (!Array.isArray(groups) || groups.some((group) => !(Symbol.iterator in Object(group?.parameters)))) {
    throw new TypeError(
      `${owner}: parameters is a list of groups, such as [{ parameters: layer.parameters(), learningRate: 1e-4 }]; ` +
        'leave it out to train every parameter.',
    );
  }
  return groups.map((group: ParameterGroup) => ({ ...group, parameters: [...group.parameters] }));
}

/** A group made ready: its learning rate is a tensor, so that captured steps follow it. */
export interface Group {
  /** Undefined for every parameter that has a gradient. */
  readonly parameters: ReadonlySet<Parameter> | undefined;
  /** [1] f32 */
  readonly rate: Tensor;
  /** The group's learning rate over the optimizer's. */
  readonly proportion: number;
  weightDecayOf(parameter: Parameter): number;
}

export interface Defaults {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly decay: Decay;
}

/** One group for everything, or those asked for. Errors: no parameters, one in two groups, values out of range. */
export function makeGroups(owner: string, wanted: readonly ParameterGroup[] | undefined, defaults: Defaults): Group[] {
  if (!wanted) return [makeGroup(undefined, 1, defaults)];
  const seen = new Set<Parameter>();
  return wanted.map((group, i) => {
    const place = `${owner}: parameters[${i}]`;
    checkOptions(place, group, ['parameters', 'learningRate', 'weightDecay', 'decay']);
    checkRange(place, 'learningRate', group.learningRate);
    checkRange(place, 'weightDecay', group.weightDecay);
    checkDecay(place, group.decay);
    const parameters = new Set(group.parameters);
    if (parameters.size === 0) throw new RangeError(`${place} has no parameters; pass layer.parameters().`);
    for (const parameter of parameters) {
      if (seen.has(parameter))
        throw new RangeError(`${place} has a parameter that stands in another group too; leave it out of one.`);
      seen.add(parameter);
    }
    const { learningRate = defaults.learningRate, weightDecay = defaults.weightDecay, decay = defaults.decay } = group;
    if (learningRate !== defaults.learningRate && defaults.learningRate === 0)
      throw new RangeError(`${place} cannot be in proportion to a learningRate of 0; give the optimizer one above 0.`);
    const proportion = learningRate === defaults.learningRate ? 1 : learningRate / defaults.learningRate;
    return makeGroup(parameters, proportion, { learningRate, weightDecay, decay });
  });
}

/** Errors: a `decay` that does not exist. */
export function checkDecay(owner: string, decay: Decay | undefined): void {
  if (decay !== undefined && decay !== 'weights' && decay !== 'all')
    throw new TypeError(`${owner}: decay is 'weights' or 'all', not ${JSON.stringify(decay)}.`);
}

function makeGroup(parameters: Group['parameters'], proportion: number, defaults: Defaults): Group {
  const { learningRate, weightDecay, decay } = defaults;
  return {
    parameters,
    rate: tensor([learningRate]),
    proportion,
    weightDecayOf: (parameter) => (decay === 'all' || parameter.decay ? weightDecay : 0),
  };
}
