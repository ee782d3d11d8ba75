import type { Tensors } from '@nn/data';
import type { AnyModule, Regularizer } from '@nn/layers';
import type { Loss } from '@nn/losses';
import type { Metric } from '@nn/metrics';
import { add, formatShape, inScope, multiply, Tensor } from '@nn/tensor';
import type { MetricValue } from './figures.js';
import { hasMethod, inWords } from './in-words.js';

/** A loss, or a loss with its weight in the sum (default 1). */
export type WeightedLoss = Loss | { readonly loss: Loss; readonly weight?: number };

/** One loss for a model with one output, or losses by output. */
export type Losses = WeightedLoss | Readonly<Record<string, WeightedLoss>>;

/** One regulariser, or several. */
export type Regularizers = Regularizer | readonly Regularizer[];

export type AnyMetric = Metric<unknown, MetricValue>;

/** Metrics for a model with one output, or metrics by output. */
export type Metrics = readonly AnyMetric[] | Readonly<Record<string, readonly AnyMetric[]>>;

/** What metrics give: a number, but for those such as ConfusionMatrix. */
export type ValueOf<M extends Metrics> = M extends readonly (infer G)[] ? ResultOf<G> : ResultOf<ListedIn<M[keyof M]>>;

type ListedIn<L> = L extends readonly (infer G)[] ? G : never;
type ResultOf<G> = G extends { result(state: never): infer R extends MetricValue } ? R : MetricValue;

/** What a model gave: one tensor, or several by name. */
export type Outputs = Tensors;

interface Term {
  /** The output it judges; undefined for the only one. */
  readonly output: string | undefined;
  /** What reports call it. */
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number;
}

interface Gauge {
  readonly output: string | undefined;
  readonly name: string;
  readonly metric: AnyMetric;
}

const isLoss = (value: unknown): value is Loss => hasMethod(value, 'run');
const isWeightedLoss = (value: unknown): value is WeightedLoss =>
  isLoss(value) || (typeof value === 'object' && value !== null && 'loss' in value && isLoss(value.loss));
const isMetric = (value: unknown): value is AnyMetric => hasMethod(value, 'update') && hasMethod(value, 'result');
const isByOutput = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which output of a model is judged by what. */
export class Objective {
  readonly #model: AnyModule;
  readonly #outputNames: readonly string[] | undefined;
  readonly #regularizers: readonly Regularizer[];
  readonly terms: readonly Term[];
  readonly gauges: readonly Gauge[];

  /**
   * Errors: what are no losses, metrics or regularisers; a loss of several numbers; a weight that is no number; two metrics,
   * or two penalties, of one name.
   */
  constructor(
    model: AnyModule,
    losses: Losses | undefined,
    metrics: Metrics | undefined,
    regularizers: Regularizers = [],
  ) {
    this.#model = model;
    this.#outputNames = (model as { outputNames?: readonly string[] }).outputNames;
    this.terms = losses === undefined ? [] : termsOf(losses);
    this.gauges = metrics === undefined ? [] : gaugesOf(metrics);
    this.#regularizers = checkedRegularizers(regularizers);
    this.lossNames.forEach((name, i) => {
      if (i >= this.terms.length && this.lossNames.indexOf(name) < i)
        throw new RangeError(`Two losses or penalties are called ${name}; give the regulariser the option name.`);
    });
  }

  /** What reports call the losses, and then the penalties. */
  get lossNames(): readonly string[] {
    return [...this.terms, ...this.#regularizers].map(({ name }) => name);
  }

  /** Each loss and each penalty, and the sum of them with the losses' weights; undefined where nothing is to be learned. */
  lossesOf(outputs: Outputs, targets: Tensors | undefined): { losses: Tensor[]; total: Tensor | undefined } {
    let total: Tensor | undefined;
    const losses = this.terms.map(({ output, name, loss, weight }) => {
      const prediction = this.predictionOf(outputs, output);
      const place = output === undefined ? 'loss' : `loss.${output}`;
      const value = inScope(place, () => loss.run(prediction, this.targetOf(targets, output)));
      if (value.size !== 1)
        throw new Error(`The loss ${name} gave ${formatShape(value.shape)}, and training needs one number; reduce it.`);
      if (weight !== 0) {
        const share = weight === 1 ? value : multiply(value, weight);
        total = total ? add(total, share) : share;
      }
      return value;
    });
    for (const regularizer of this.#regularizers) {
      const penalty = inScope(`penalty.${regularizer.name}`, () => regularizer.penalty(this.#model));
      total = total ? add(total, penalty) : penalty;
      losses.push(penalty);
    }
    return { losses, total };
  }

  /** What the metrics judge, in their order. */
  judged(outputs: Outputs): Tensor[] {
    return this.gauges.map(({ output }) => this.predictionOf(outputs, output).detach());
  }

  /** The output called `name`, or the only one. Errors: it does not exist, or there are several. */
  predictionOf(outputs: Outputs, name: string | undefined): Tensor {
    if (outputs instanceof Tensor) {
      if (name === undefined || this.#outputNames?.includes(name)) return outputs;
      throw new TypeError(
        this.#outputNames
          ? `The model has no output "${name}"; it has ${this.#outputNames.join(', ')}.`
          : `The model's only output has no name, and a loss or metric asks for "${name}"; give it without a name.`,
      );
    }
    const names = Object.keys(outputs);
    if (name === undefined) {
      const example = names.map((key) => `${key}: …`).join(', ');
      throw new TypeError(
        `The model has the outputs ${names.join(', ')}; give losses and metrics by name: { ${example} }.`,
      );
    }
    if (!(name in outputs)) throw new TypeError(`The model has no output "${name}"; it has ${names.join(', ')}.`);
    return outputs[name];
  }

  /** The target of the output called `name`, or the only one; undefined where the data has none. Errors: it is not clear. */
  targetOf(targets: Tensors | undefined, name: string | undefined): Tensor | undefined {
    if (targets === undefined) return undefined;
    if (targets instanceof Tensor) {
      const judged = new Set([...this.terms, ...this.gauges].map(({ output }) => output));
      if (judged.size <= 1) return targets;
      throw new TypeError(`The data gives one target for the outputs ${[...judged].join(', ')}; give targets by name.`);
    }
    const key = name ?? (this.#outputNames?.length === 1 ? this.#outputNames[0] : undefined);
    if (key !== undefined) return targets[key];
    throw new TypeError(
      `The data gives targets by name (${Object.keys(targets).join(', ')}), and the model has one output; give one tensor.`,
    );
  }
}

function termsOf(losses: Losses): Term[] {
  const term = (output: string | undefined, given: WeightedLoss): Term => {
    const { loss, weight = 1 } = isLoss(given) ? { loss: given } : given;
    const name = output ?? loss.name;
    if (!Number.isFinite(weight))
      throw new RangeError(`The weight of the loss ${name} is ${weight}; use a finite number.`);
    if (loss.options?.reduction === 'none')
      throw new RangeError(
        `The loss ${name} has reduction 'none', and training needs one number; use 'mean' or 'sum'.`,
      );
    return { output, name, loss, weight };
  };
  if (isWeightedLoss(losses)) return [term(undefined, losses)];
  const byOutput = isByOutput(losses) ? Object.entries(losses) : [];
  if (byOutput.length === 0)
    throw new TypeError(
      `The losses must be a loss such as new CrossEntropy(), or losses by output, not ${inWords(losses)}.`,
    );
  return byOutput.map(([output, given]) => {
    if (!isWeightedLoss(given))
      throw new TypeError(
        `The loss of "${output}" must be a loss such as new CrossEntropy(), or { loss, weight }, not ${inWords(given)}.`,
      );
    return term(output, given);
  });
}

/** Errors: anything but regularisers. */
function checkedRegularizers(given: Regularizers): readonly Regularizer[] {
  const list: readonly unknown[] = [given].flat();
  const fault = list.find((regularizer) => !hasMethod(regularizer, 'penalty'));
  if (fault === undefined && !list.includes(undefined)) return list as readonly Regularizer[];
  throw new TypeError(`Regularizers are such as [new L2({ strength: 1e-4 })], not ${inWords(fault)}.`);
}

/** Errors: anything but an array of metrics. */
function checkedMetrics(given: unknown): readonly AnyMetric[] {
  if (Array.isArray(given) && given.every(isMetric)) return given;
  const fault = Array.isArray(given) ? given.find((metric) => !isMetric(metric)) : given;
  throw new TypeError(`Metrics are given in an array, such as [new Accuracy()], and not as ${inWords(fault)}.`);
}

function gaugesOf(metrics: Metrics): Gauge[] {
  const gauges =
    isByOutput(metrics) && !isMetric(metrics)
      ? Object.entries(metrics).flatMap(([output, list]) =>
          checkedMetrics(list).map((metric) => ({ output, name: `${output}.${metric.name}`, metric })),
        )
      : checkedMetrics(metrics).map((metric) => ({ output: undefined, name: metric.name, metric }));
  gauges.forEach(({ name }, i) => {
    if (gauges.findIndex((other) => other.name === name) < i)
      throw new RangeError(`Two metrics are called ${name}; give one of them the option name.`);
  });
  return gauges;
}
