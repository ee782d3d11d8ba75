import type { Tensors } from '@nn/data';
import type { AnyModule, Regularizer } from '@nn/layers';
import type { Metric } from '@nn/metrics';
import { add, formatShape, inScope, multiply, Tensor } from '@nn/tensor';
import type { MetricValue } from './figures.js';
import { hasMethod, inWords } from './in-words.js';
import { runnerOf } from './judged-model.js';
import { type Losses, type ResolvedLoss, resolveLosses } from './losses.js';

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

interface Gauge {
  readonly output: string | undefined;
  readonly name: string;
  readonly metric: AnyMetric;
}

const isMetric = (value: unknown): value is AnyMetric => hasMethod(value, 'update') && hasMethod(value, 'result');
const isByOutput = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A model as losses see it: Graph gives its outputs names. */
interface NamedOutputs {
  readonly outputNames?: readonly string[];
}

/** Which outputs and nodes of a model are judged by what. */
export class Objective {
  readonly #model: AnyModule;
  readonly #regularizers: readonly Regularizer[];
  readonly terms: readonly ResolvedLoss[];
  readonly gauges: readonly Gauge[];
  /** Runs the model; what it gives has the nodes that losses and metrics look at among the outputs. */
  readonly run: (...x: Tensor[]) => Outputs;

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
    this.terms = losses === undefined ? [] : resolveLosses(losses);
    this.gauges = metrics === undefined ? [] : gaugesOf(metrics);
    const looked = [...this.terms.flatMap(({ of }) => of), ...this.gauges.map(({ output }) => output)];
    this.run = runnerOf(model, looked);
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
    const losses = this.terms.map((term) => {
      const { name, path, loss, weight, of } = term;
      const [prediction, ...others] = of.map((output) => this.predictionOf(outputs, output));
      const value = inScope(path, () => loss.run(prediction, ...others, ...this.#targetsOf(targets, term)));
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

  /** The output or node called `name`, or the only output. Errors: it does not exist, or there are several. */
  predictionOf(outputs: Outputs, name: string | undefined): Tensor {
    const { outputNames } = this.#model as NamedOutputs;
    if (outputs instanceof Tensor) {
      if (name === undefined || outputNames?.includes(name)) return outputs;
      throw new TypeError(
        outputNames
          ? this.#unknown(name, outputNames)
          : `The model's only output has no name, and a loss or metric asks for "${name}"; give it without a name.`,
      );
    }
    const names = outputNames ?? Object.keys(outputs);
    if (name === undefined && names.length > 1) {
      const example = names.map((key) => `${key}: …`).join(', ');
      throw new TypeError(
        `The model has the outputs ${names.join(', ')}; give losses and metrics by name: { ${example} }.`,
      );
    }
    const key = name ?? names[0];
    if (!(key in outputs)) throw new TypeError(this.#unknown(key, names));
    return outputs[key];
  }

  #unknown(name: string, names: readonly string[]): string {
    return `The model has no output "${name}"; it has ${names.join(', ')}. A loss of a name of its own says which it takes: { loss, of: '${names[0]}' }.`;
  }

  /** The targets of a loss, in its order. Errors: it is not clear which they are. */
  #targetsOf(
    targets: Tensors | undefined,
    { name, loss, judged, targets: names }: ResolvedLoss,
  ): (Tensor | undefined)[] {
    if (loss.takesTarget === false) return [];
    if (!names) return [this.targetOf(targets, judged)];
    const given = targets === undefined || targets instanceof Tensor ? {} : targets;
    return names.map((key) => {
      if (key in given) return given[key];
      const has = Object.keys(given).join(', ') || 'none by name';
      throw new TypeError(`The loss ${name} takes the target "${key}", and the data gives ${has}.`);
    });
  }

  /** The target of the output called `name`, or the only one; undefined where the data has none. Errors: it is not clear. */
  targetOf(targets: Tensors | undefined, name: string | undefined): Tensor | undefined {
    if (targets === undefined) return undefined;
    const { outputNames } = this.#model as NamedOutputs;
    const named = (output: string | undefined) => output ?? (outputNames?.length === 1 ? outputNames[0] : undefined);
    if (targets instanceof Tensor) {
      const taking = this.terms.filter(({ loss, targets: names }) => loss.takesTarget !== false && !names);
      const judged = [...taking.map(({ judged }) => judged), ...this.gauges.map(({ output }) => output)];
      const outputs = new Set(judged.map(named));
      if (outputs.size <= 1) return targets;
      throw new TypeError(
        `The data gives one target for the outputs ${[...outputs].join(', ')}; give targets by name.`,
      );
    }
    const key = named(name);
    if (key !== undefined && !(key in targets))
      throw new TypeError(`The data gives no target "${key}"; it gives ${Object.keys(targets).join(', ')}.`);
    if (key !== undefined) return targets[key];
    throw new TypeError(
      `The data gives targets by name (${Object.keys(targets).join(', ')}), and the model has one output; give one tensor.`,
    );
  }
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
