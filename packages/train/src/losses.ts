import type { Loss } from '@nn/losses';
import { checkOptions } from '@nn/tensor';
import { hasMethod, inWords } from './in-words.js';

/** A loss, and what the trainer is to do with it. */
export interface LossTerm {
  readonly loss: Loss<object>;
  /** Its factor in the sum. Default 1; with 0 it is reported, and nothing is learned from it. */
  readonly weight?: number;
  /** What reports call it. Default: its name among the losses, or that of its class. */
  readonly name?: string;
  /** The outputs, or other nodes of a Graph, that it takes, in its order. Default: the output of its name, or the only one. */
  readonly of?: string | readonly string[];
  /**
   * The names of its targets in the data, in its order. Default: the target of the output that it takes, or, where it takes
   * several, the target of its own name.
   */
  readonly target?: string | readonly string[];
}

/** A loss, or a loss with its weight (default 1) and what it takes. */
export type WeightedLoss = Loss<object> | LossTerm;

/** One loss or several for a model with one output, or losses by name, which is by default that of an output. */
export type Losses = WeightedLoss | readonly WeightedLoss[] | Readonly<Record<string, WeightedLoss>>;

/** A loss as an Objective computes it. */
export interface ResolvedLoss {
  /** What reports call it. */
  readonly name: string;
  /** Where its kernels run, for profiles and errors. */
  readonly path: string;
  readonly loss: Loss<object>;
  readonly weight: number;
  /** The outputs or nodes that it takes; undefined for the only output. */
  readonly of: readonly (string | undefined)[];
  /** The output or name whose target it takes; undefined for that of the only output. */
  readonly judged: string | undefined;
  /** The names of its targets, where they are given. */
  readonly targets: readonly string[] | undefined;
}

const isLoss = (value: unknown): value is Loss<object> => hasMethod(value, 'run');
const isWeightedLoss = (value: unknown): value is WeightedLoss =>
  isLoss(value) || (typeof value === 'object' && value !== null && 'loss' in value && isLoss(value.loss));

/** What losses say. Errors: what are no losses; weights that are no numbers; losses of several numbers; two of one name. */
export function resolveLosses(losses: Losses): ResolvedLoss[] {
  const terms = entriesOf(losses).map(([key, given]) => termOf(key, given));
  terms.forEach(({ name }, i) => {
    if (terms.findIndex((other) => other.name === name) < i)
      throw new RangeError(`Two losses are called ${name}; give one of them a name: { loss, name: '…' }.`);
  });
  return terms;
}

function entriesOf(losses: Losses): (readonly [name: string | undefined, given: unknown])[] {
  if (isWeightedLoss(losses)) return [[undefined, losses]];
  const list = Array.isArray(losses);
  const entries = typeof losses === 'object' && losses !== null ? Object.entries(losses) : [];
  if (entries.length === 0)
    throw new TypeError(
      `The losses must be a loss such as new CrossEntropy(), or losses by output, not ${inWords(losses)}.`,
    );
  return list ? entries.map(([, given]) => [undefined, given]) : entries;
}

function termOf(key: string | undefined, given: unknown): ResolvedLoss {
  if (!isWeightedLoss(given))
    throw new TypeError(
      `The loss${key === undefined ? '' : ` of "${key}"`} must be a loss such as new CrossEntropy(), or { loss, weight }, ` +
        `not ${inWords(given)}.`,
    );
  if (!isLoss(given))
    checkOptions(`The loss ${key ?? given.loss.name}`, given, ['loss', 'weight', 'name', 'of', 'target']);
  const {
    loss,
    weight = 1,
    name = key ?? loss.name,
    of = key,
    target,
  }: LossTerm = isLoss(given) ? { loss: given } : given;
  if (!Number.isFinite(weight))
    throw new RangeError(`The weight of the loss ${name} is ${weight}; use a finite number.`);
  if ((loss.options as { readonly reduction?: unknown } | undefined)?.reduction === 'none')
    throw new RangeError(`The loss ${name} has reduction 'none', and training needs one number; use 'mean' or 'sum'.`);
  return {
    name,
    path: key === undefined && name === loss.name ? 'loss' : `loss.${name}`,
    loss,
    weight,
    of: [of].flat(),
    judged: typeof of === 'object' ? name : of,
    targets: target === undefined ? undefined : [target].flat(),
  };
}
