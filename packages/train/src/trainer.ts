import type { AnyModule } from '@nn/layers';
import type { Optimizer, OptimizerState, Schedule } from '@nn/optim';
import { checkOptions, randomState, setRandomState } from '@nn/tensor';
import { type Batch, type BatchSource, checkSource } from './batches.js';
import type { Callback, CallbackState } from './callback.js';
import { checkModel } from './check-model.js';
import type { Clip } from './clip.js';
import { type Evaluation, Evaluator, evaluationOf, finish } from './evaluate.js';
import type { TrainingEvent } from './events.js';
import type { Figures, History } from './figures.js';
import { butNot, hasMethod, inWords } from './in-words.js';
import type { Losses } from './losses.js';
import { type Metrics, Objective, type Regularizers, type ValueOf } from './objective.js';
import { anotherRun, beginning, type Position } from './position.js';
import { checkedRun, type Run, type TrainingOptions } from './run.js';
import { ScheduledRate } from './scheduled-rate.js';
import { Tally } from './tally.js';
import { TrainingRun } from './training-run.js';
import { TrainingStep } from './training-step.js';

export interface TrainerOptions<M extends Metrics = Metrics> {
  readonly optimizer: Optimizer;
  /** A loss, or several, for a model with one output, or losses by output; each may have a weight, 1 by default. */
  readonly losses: Losses;
  /** What the size of parameters costs, as part of the loss. Default: nothing. */
  readonly regularizers?: Regularizers;
  /** Metrics for a model with one output, or metrics by output. Default: none. */
  readonly metrics?: M;
  /** How the learning rate goes, as a factor on the optimizer's. Default: it stays. */
  readonly schedule?: Schedule;
  /** Default: gradients are not limited. */
  readonly clip?: Clip;
  /** False to run every step eagerly, with the same numbers. Default true: steps are captured and replayed. */
  readonly capture?: boolean;
  /** True to stop at the first NaN or infinity, naming kernel, layer and step; slow. Default false. */
  readonly checkNumbers?: boolean;
  /** True to tell the length of each layer's gradient in step events, before clipping. Default false. */
  readonly gradientNorms?: boolean;
}

/** All that a trainer must keep, but the model's own tensors, to go on exactly. */
export interface TrainerState {
  /** Plain JSON. */
  readonly position: Position;
  /** The state of every stream of random numbers, plain JSON. */
  readonly random: ReturnType<typeof randomState>;
  readonly optimizer: OptimizerState;
  /** What callbacks keep, by their names. */
  readonly callbacks: Readonly<Record<string, CallbackState>>;
}

/**
 * Trains a model: losses, metrics, optimizer and schedule are the trainer's, and the model knows none of them. Its optimizer
 * and its counts of epochs and steps go on from one `fit` to the next.
 *
 * ```ts
 * const trainer = new Trainer(model, { optimizer: new Adam(), losses: new CrossEntropy(), metrics: [new Accuracy()] });
 * const history = await trainer.fit({ train, validation, epochs: 5 });
 * ```
 * Errors: unknown options, or values of another kind; losses or metrics that make no sense.
 */
export class Trainer<const M extends Metrics = Metrics> {
  readonly model: AnyModule;
  readonly optimizer: Optimizer;
  readonly losses: Losses;
  readonly regularizers: Regularizers;
  readonly metrics: Metrics;
  readonly schedule: Schedule | undefined;
  readonly clip: Clip | undefined;
  readonly #objective: Objective;
  readonly #step: TrainingStep;
  readonly #evaluator: Evaluator;
  readonly #rate: ScheduledRate;
  #position = beginning();
  #loaded: Pick<TrainerState, 'random' | 'callbacks'> | undefined;
  #callbacks: readonly Callback[] = [];
  #running = false;
  #run: TrainingRun | undefined;

  constructor(model: AnyModule, options: TrainerOptions<M>) {
    checkOptions('Trainer', options, [
      'optimizer',
      'losses',
      'regularizers',
      'metrics',
      'schedule',
      'clip',
      'capture',
      'checkNumbers',
      'gradientNorms',
    ]);
    const {
      optimizer,
      losses,
      regularizers = [],
      metrics = [],
      schedule,
      clip,
      capture = true,
      checkNumbers = false,
      gradientNorms = false,
    } = options;
    checkModel('Trainer', model);
    if (!hasMethod(optimizer, 'step'))
      throw new TypeError(`Trainer needs an optimizer, such as new Adam({ learningRate: 1e-3 })${butNot(optimizer)}.`);
    if (schedule !== undefined && !hasMethod(schedule, 'at'))
      throw new TypeError(`Trainer: schedule is one such as new CosineSchedule(), not ${inWords(schedule)}.`);
    if (!losses)
      throw new TypeError('Trainer needs losses: what the model is to make small, such as new CrossEntropy().');
    this.model = model;
    this.optimizer = optimizer;
    this.losses = losses;
    this.regularizers = regularizers;
    this.metrics = metrics;
    this.schedule = schedule;
    this.clip = clip;
    this.#rate = new ScheduledRate(optimizer, schedule);
    this.#objective = new Objective(model, losses, metrics, regularizers);
    this.#step = new TrainingStep(model, this.#objective, {
      optimizer,
      clip,
      captured: capture,
      checked: checkNumbers,
      gradientNorms,
    });
    this.#evaluator = new Evaluator(model, this.#objective, { captured: capture, checked: checkNumbers });
  }

  /** Trains to the end. Errors: as `training`. */
  fit(options: TrainingOptions): Promise<History> {
    return finish(this.training(options));
  }

  /** Ends the present run after the step under way. */
  stop(reason?: string): void {
    this.#run?.stop(reason);
  }

  /**
   * Trains step by step: `for await (const event of trainer.training({ ... }))`. Leaving the loop interrupts the run.
   * Errors: options that make no sense; data that gives no batches; a loss that is not finite (LossError); labels out of
   * range; outputs and targets that do not fit the losses or metrics; a callback that throws (CallbackError).
   */
  async *training(options: TrainingOptions): AsyncGenerator<TrainingEvent, History, undefined> {
    const run = checkedRun(options);
    this.#refuseTwo();
    this.#running = true;
    const before = this.#callbacks;
    this.#callbacks = run.callbacks;
    try {
      this.#begin(run, before);
      this.#run = new TrainingRun(run, {
        trainer: this,
        objective: this.#objective,
        step: this.#step,
        rate: this.#rate,
        evaluator: this.#evaluator,
        position: () => this.#position,
      });
      return yield* this.#run.events();
    } finally {
      this.#run = undefined;
      this.#running = false;
    }
  }

  /** Measures the model with this trainer's losses and metrics. Errors: as `evaluate`. */
  async evaluate(data: BatchSource): Promise<Evaluation<ValueOf<M>>> {
    checkSource('evaluate', 'data', data);
    return evaluationOf(await finish(this.#evaluator.over(data))) as Evaluation<ValueOf<M>>;
  }

  /**
   * Takes one step on `batch`, at the optimizer's learning rate, as a run of its own: an epoch that was interrupted is not
   * gone on with. Returns its losses and metrics, as they were before the step. Errors: as `training`.
   */
  async trainBatch(batch: Batch): Promise<Figures> {
    this.#refuseTwo();
    this.#running = true;
    try {
      const { epoch, step } = anotherRun(this.#position);
      if (!this.model.training) this.model.train();
      const tally = new Tally(this.#objective);
      await this.#step.take(batch, tally, { step: step + 1, epoch: epoch + 1, batch: 1, batches: 1 });
      this.#position = { ...beginning(), epoch, step: step + 1, start: { epoch, step: step + 1 } };
      return tally.figures();
    } finally {
      this.#running = false;
    }
  }

  /** Measures one batch, in evaluation mode and without gradients. Errors: as `evaluate`. */
  async validateBatch(batch: Batch): Promise<Figures> {
    return (await finish(this.#evaluator.over([batch]))).figures();
  }

  /** A copy of where the trainer is. */
  get position(): Position {
    return structuredClone(this.#position);
  }

  /**
   * All that a checkpoint needs besides the model's own tensors; take it between steps: in a callback, in a loop over
   * `training`, or when a run has ended. Errors: the optimizer has trained parameters that are not the model's.
   */
  state(): TrainerState {
    const names = this.model.inputs ? this.model.namedParameters() : new Map();
    const kept = this.#callbacks.flatMap((callback, i): [string, CallbackState][] => {
      if (!callback.state) return [];
      if (!callback.name)
        throw new Error(`Callback ${i} has a state and no name; give it one, so that files can keep it.`);
      return [[callback.name, callback.state()]];
    });
    return {
      position: this.position,
      random: randomState(),
      optimizer: this.optimizer.state(names),
      callbacks: { ...this.#loaded?.callbacks, ...Object.fromEntries(kept) },
    };
  }

  /**
   * Goes to where `state` was taken; `fit({ ..., resume: true })` then goes on bit for bit, given the same model with its
   * tensors, data and options. Errors: a state of another optimizer or model.
   */
  loadState(state: TrainerState): void {
    const { sums } = state.position;
    const { terms, gauges } = this.#objective;
    if (sums && (sums.losses.length !== terms.length || sums.metrics.length !== gauges.length)) {
      throw new Error(
        `The state has sums of ${sums.losses.length} losses and ${sums.metrics.length} metrics, and this trainer has ` +
          `${terms.length} and ${gauges.length}; make it with the same ones.`,
      );
    }
    this.optimizer.loadState(state.optimizer, this.model.namedParameters());
    this.#position = structuredClone(state.position);
    this.#loaded = { random: state.random, callbacks: state.callbacks };
    setRandomState(state.random);
  }

  /** Callbacks of a resumed run get what those of their names kept, in a file or `before`. */
  #begin(run: Run, before: readonly Callback[]): void {
    this.#rate.check(run);
    if (run.resume) {
      if (this.#loaded) setRandomState(this.#loaded.random);
      for (const callback of run.callbacks) {
        const { name } = callback;
        if (name === undefined) continue;
        const previous = before.includes(callback) ? undefined : before.find((other) => other.name === name);
        const kept = this.#loaded ? this.#loaded.callbacks[name] : previous?.state?.();
        if (kept) callback.loadState?.(kept);
      }
    } else if (this.#position.step > 0) {
      this.#position = anotherRun(this.#position);
    }
    this.#loaded = undefined;
    this.#rate.begin(this.#position.history);
    if (!this.model.training) this.model.train();
  }

  /** Errors: a run is under way. */
  #refuseTwo(): void {
    if (this.#running) throw new Error('This trainer is training already; wait for that run, or make another trainer.');
  }
}
