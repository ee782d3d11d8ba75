import type { Tensors } from '@nn/data';
import type { AnyModule } from '@nn/layers';
import { enterEvaluation } from '@nn/layers';
import { checkOptions, noGrad, type Tensor } from '@nn/tensor';
import { type Batch, type BatchSource, batchesOf, checkSource, inputsOf, samplesOf } from './batches.js';
import { checkModel } from './check-model.js';
import { explained } from './faults.js';
import type { Figures, MetricValue } from './figures.js';
import type { Losses } from './losses.js';
import { withNumbers } from './numbers.js';
import { type Metrics, Objective, type Regularizers, type ValueOf } from './objective.js';
import { Breather, Pacer } from './pace.js';
import { Tally } from './tally.js';

/** What was measured, and over how many samples; `V` is what the metrics give. */
export type Evaluation<V extends MetricValue = MetricValue> = Figures<V> & { readonly samples: number };

export interface EvaluateOptions<M extends Metrics = Metrics> {
  /** Batches to measure over. */
  readonly data: BatchSource;
  /** Default: none; the loss is then NaN. */
  readonly losses?: Losses;
  /** What the size of parameters costs, as part of the loss. Default: nothing. */
  readonly regularizers?: Regularizers;
  /** Default: none. */
  readonly metrics?: M;
  /** False to run every batch eagerly. Default true: what is the same in all batches is captured. */
  readonly capture?: boolean;
  /** True to stop at the first NaN or infinity, naming kernel, layer and batch; slow. Default false. */
  readonly checkNumbers?: boolean;
}

/** Measures a model's losses and metrics: in evaluation mode, without gradients. Keeps what it captured. */
export class Evaluator {
  readonly #model: AnyModule;
  readonly #objective: Objective;
  readonly #checked: boolean;
  readonly #step;

  constructor(
    model: AnyModule,
    objective: Objective,
    options: { readonly captured: boolean; readonly checked: boolean },
  ) {
    this.#model = model;
    this.#objective = objective;
    this.#checked = options.checked;
    this.#step = new Pacer((x: Tensor[], y: Readonly<Record<string, Tensor>> | Tensor | readonly []) => {
      const targets = Array.isArray(y) ? undefined : (y as Tensors);
      return noGrad(() => {
        const outputs = objective.run(...x);
        const { losses, total } = objective.lossesOf(outputs, targets);
        return { losses, total: total ? [total] : [], judged: objective.judged(outputs) };
      });
    }, options);
  }

  /** Goes through `data` once; yields after each batch how many are done. Errors: no batches. */
  async *over(data: BatchSource, options: { readonly epoch?: number } = {}): AsyncGenerator<number, Tally, undefined> {
    const tally = new Tally(this.#objective);
    const breather = new Breather();
    const leave = enterEvaluation(this.#model);
    let batches = 0;
    try {
      for await (const batch of batchesOf(data, options)) {
        await this.#measure(batch, tally, ++batches);
        yield batches;
        await breather.breathe();
      }
    } finally {
      leave();
    }
    if (batches === 0)
      throw new RangeError(
        'There is nothing to evaluate: the data gave no batches; is it a generator that was gone through before?',
      );
    return tally;
  }

  async #measure(batch: Batch, tally: Tally, number: number): Promise<void> {
    try {
      const x = inputsOf(this.#model, batch.x);
      const { losses, total, judged } = await withNumbers(this.#checked, () => this.#step.run(x, batch.y ?? []));
      tally.add(samplesOf(batch), { losses, total: total[0], judged }, batch.y);
    } catch (error) {
      throw explained(error, `in batch ${number} of the data to evaluate`);
    }
  }
}

/** What `tally` gathered, with the number of samples. */
export const evaluationOf = (tally: Tally): Evaluation => ({ ...tally.figures(), samples: tally.sums.samples });

/** Runs a generator to its end for what it returns. */
export async function finish<T>(generator: AsyncGenerator<unknown, T, undefined>): Promise<T> {
  let next = await generator.next();
  while (!next.done) next = await generator.next();
  return next.value;
}

/**
 * Measures a model over data, in evaluation mode and without gradients: the weighted sum of losses, each loss, each metric,
 * all over samples, and the penalties of regularisers. The model's modes are as before afterwards.
 *
 * ```ts
 * const { loss, metrics } = await evaluate(model, {
 *   data: new DataLoader(test, { batchSize: 256 }), losses: new CrossEntropy(), metrics: [new Accuracy()],
 * });
 * ```
 * Errors: unknown options, or values of another kind; no batches; outputs and targets that do not fit the losses or
 * metrics.
 */
export async function evaluate<const M extends Metrics = Metrics>(
  model: AnyModule,
  options: EvaluateOptions<M>,
): Promise<Evaluation<ValueOf<M>>> {
  checkOptions('evaluate', options, ['data', 'losses', 'regularizers', 'metrics', 'capture', 'checkNumbers']);
  const { data, losses, regularizers, metrics, capture = true, checkNumbers = false } = options;
  checkModel('evaluate', model);
  checkSource('evaluate', 'data', data);
  const objective = new Objective(model, losses, metrics, regularizers);
  const evaluator = new Evaluator(model, objective, { captured: capture, checked: checkNumbers });
  return evaluationOf(await finish(evaluator.over(data))) as Evaluation<ValueOf<M>>;
}
