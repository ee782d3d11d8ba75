import type { Tensors } from '@nn/data';
import type { AnyModule } from '@nn/layers';
import type { Optimizer, OptimizerState, Schedule } from '@nn/optim';
import { backward, checkOptions, randomState, setRandomState, type Tensor } from '@nn/tensor';
import { type Batch, type BatchSource, batchesOf, checkSource, countOf, inputsOf, samplesOf } from './batches.js';
import { type Callback, type CallbackState, notifyAll } from './callback.js';
import { checkModel } from './check-model.js';
import { type Clip, limiter } from './clip.js';
import { type Evaluation, Evaluator, evaluationOf, finish } from './evaluate.js';
import type { StepEvent, TrainingEvent } from './events.js';
import { at, explained, LossError, type Place } from './faults.js';
import type { End, EpochRecord, Figures, History } from './figures.js';
import { gradientNorms } from './gradient-norms.js';
import { butNot, hasMethod, inWords } from './in-words.js';
import type { Losses } from './losses.js';
import { Monitor } from './monitor.js';
import { withNumbers } from './numbers.js';
import { type Metrics, Objective, type Regularizers, type ValueOf } from './objective.js';
import { Breather, Pacer } from './pace.js';
import { anotherRun, beginning, type Position } from './position.js';
import { checkedRun, type Run, type TrainingOptions } from './run.js';
import { type Measured, Tally } from './tally.js';

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

/** What a step gives. */
type Stepped = Omit<Measured, 'total'> & { readonly total: Tensor; readonly norms: Readonly<Record<string, Tensor>> };

/** What is told of a step that is done. */
type Done = Pick<StepEvent, 'loss' | 'gradientNorms'>;

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
  readonly #step: Pacer<[x: Tensor[], y: Tensors | readonly []], Stepped>;
  readonly #evaluator: Evaluator;
  readonly #checked: boolean;
  /** What the schedule must be told. */
  readonly #monitor: Monitor | undefined;
  /** Its value in each epoch of the present run. */
  #measured: number[] = [];
  #position = beginning();
  #loaded: Pick<TrainerState, 'random' | 'callbacks'> | undefined;
  #callbacks: readonly Callback[] = [];
  #running = false;
  #stop: { readonly reason: string | undefined } | undefined;

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
    this.#checked = checkNumbers;
    this.#monitor = schedule?.monitor === undefined ? undefined : new Monitor(schedule.kind, schedule);
    this.#objective = new Objective(model, losses, metrics, regularizers);
    const limited = limiter(clip);
    this.#step = new Pacer(
      (x, y) => {
        const outputs = this.#objective.run(...x);
        const { losses, total } = this.#objective.lossesOf(outputs, Array.isArray(y) ? undefined : (y as Tensors));
        if (!total)
          throw new Error(
            'Trainer: every loss has the weight 0, so there is nothing to learn; give one a weight above 0.',
          );
        const gradients = backward(total);
        const norms = options.gradientNorms ? gradientNorms(model, gradients) : {};
        optimizer.step(limited(gradients));
        return {
          total: total.detach(),
          losses: losses.map((loss) => loss.detach()),
          judged: this.#objective.judged(outputs),
          norms,
        };
      },
      { captured: capture },
    );
    this.#evaluator = new Evaluator(model, this.#objective, { captured: capture, checked: checkNumbers });
  }

  /** Trains to the end. Errors: as `training`. */
  fit(options: TrainingOptions): Promise<History> {
    return finish(this.training(options));
  }

  /** Ends the present run after the step under way. */
  stop(reason?: string): void {
    this.#stop = { reason };
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
    this.#stop = undefined;
    const before = this.#callbacks;
    this.#callbacks = run.callbacks;
    try {
      this.#begin(run, before);
      const { epochs, batches, steps } = run;
      const resumed = this.#position.step > this.#position.start.step;
      yield* this.#tell({ type: 'start', epochs, batches, steps, resumed });
      const breather = new Breather();
      while (!this.#interrupted(run) && !this.#complete(run)) yield* this.#epoch(run, breather);
      const history = this.#history(run);
      yield* this.#tell({ type: 'end', history });
      return history;
    } finally {
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
      await this.#take(batch, tally, { step: step + 1, epoch: epoch + 1, batch: 1, batches: 1 });
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
    if (this.schedule?.monitor?.startsWith('validation.') && !run.validation)
      throw new Error(
        `${this.schedule.kind} watches ${this.schedule.monitor}, and the run has no validation data; pass validation.`,
      );
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
    this.#measured = [];
    for (const record of this.#position.history) this.#watch(record);
    if (!this.model.training) this.model.train();
  }

  async *#epoch(run: Run, breather: Breather): AsyncGenerator<TrainingEvent, void, undefined> {
    const position = this.#position;
    const epoch = position.epoch - position.start.epoch + 1;
    const { epochs, batches } = run;
    const [before, began] = [position.seconds, performance.now()];
    const elapse = () => {
      position.seconds = before + (performance.now() - began) / 1000;
    };
    yield* this.#tell({ type: 'epochStart', epoch, epochs, batches, batch: position.batch });
    if (this.#interrupted(run)) return;

    const tally = new Tally(this.#objective, position.sums);
    for await (const batch of this.#capped(run)) {
      const done = await this.#advance(batch, tally, run);
      elapse();
      yield* this.#tell(this.#stepEvent(run, { ...done, samples: samplesOf(batch), tally }));
      if (this.#interrupted(run)) return;
      await breather.breathe();
    }
    if (position.batch === 0)
      throw new RangeError(
        `Epoch ${epoch} had nothing to learn from: train gave no batches. A generator is used up after one epoch; give a ` +
          'DataLoader or an array.',
      );

    let validation: Figures | undefined;
    if (run.validation) {
      const measured = yield* this.#validate(run, run.validation, epoch);
      if (!measured) return;
      validation = measured.figures();
    }
    elapse();
    const record = {
      epoch,
      step: position.step - position.start.step,
      train: tally.figures(),
      ...(validation && { validation }),
      learningRate: this.optimizer.learningRate,
      seconds: position.seconds,
    };
    position.history.push(record);
    this.#watch(record);
    Object.assign(position, { epoch: position.epoch + 1, batch: 0, seconds: 0, sums: undefined });
    yield* this.#tell({ type: 'epochEnd', epoch, epochs, batches, record });
  }

  /** The rest of the epoch's batches, as far as the run may go. */
  async *#capped(run: Run): AsyncGenerator<Batch, void, undefined> {
    const { epoch, batch } = this.#position;
    if (this.#spent(run)) return;
    for await (const next of batchesOf(run.train, { epoch, start: batch })) {
      yield next;
      if (this.#spent(run)) return;
    }
  }

  /** The next step of a run. */
  async #advance(batch: Batch, tally: Tally, run: Run): Promise<Done> {
    const position = this.#position;
    this.#setLearningRate(run);
    const done = await this.#take(batch, tally, {
      step: position.step - position.start.step + 1,
      epoch: position.epoch - position.start.epoch + 1,
      batch: position.batch + 1,
      batches: run.batches,
    });
    position.batch++;
    position.step++;
    position.sums = tally.sums;
    return done;
  }

  /** One step on `batch`, which `tally` counts. */
  async #take(batch: Batch, tally: Tally, place: Place): Promise<Done> {
    try {
      const x = inputsOf(this.model, batch.x);
      const measured = await withNumbers(this.#checked, () => this.#step.run(x, batch.y ?? []));
      const loss = measured.total.item();
      if (!Number.isFinite(loss)) throw new LossError(loss, place, this.optimizer.learningRate);
      tally.add(samplesOf(batch), measured, batch.y);
      const norms = Object.entries(measured.norms).map(([layer, norm]) => [layer, norm.item()] as const);
      return { loss, ...(norms.length > 0 && { gradientNorms: Object.fromEntries(norms) }) };
    } catch (error) {
      throw explained(error, at(place));
    }
  }

  #setLearningRate({ epochs, steps }: Run): void {
    const { schedule, optimizer } = this;
    if (!schedule) return;
    const { epoch, step, start } = this.#position;
    const [position, total] = schedule.per === 'epoch' ? [epoch - start.epoch, epochs] : [step - start.step, steps];
    optimizer.learningRate = optimizer.initialLearningRate * schedule.at(position, total, this.#measured);
  }

  #watch(record: EpochRecord): void {
    if (this.#monitor) this.#measured.push(this.#monitor.read(record, undefined).value);
  }

  async *#validate(
    run: Run,
    data: BatchSource,
    epoch: number,
  ): AsyncGenerator<TrainingEvent, Tally | undefined, undefined> {
    const { epochs } = run;
    const validating = this.#evaluator.over(data, { epoch: this.#position.epoch });
    try {
      let next = await validating.next();
      while (!next.done) {
        yield* this.#tell({ type: 'validationStep', epoch, epochs, batch: next.value, batches: countOf(data) });
        if (this.#interrupted(run)) return undefined;
        next = await validating.next();
      }
      return next.value;
    } finally {
      await validating.return(undefined as never);
    }
  }

  #stepEvent(run: Run, done: Done & { readonly samples: number; readonly tally: Tally }): StepEvent {
    const { epoch, batch, step, start } = this.#position;
    const { epochs, batches, steps } = run;
    const { loss, gradientNorms, samples, tally } = done;
    return {
      type: 'step',
      epoch: epoch - start.epoch + 1,
      epochs,
      batch,
      batches,
      step: step - start.step,
      steps,
      samples,
      loss,
      learningRate: this.optimizer.learningRate,
      ...(gradientNorms && { gradientNorms }),
      get figures() {
        return tally.figures();
      },
    };
  }

  async *#tell(event: TrainingEvent): AsyncGenerator<TrainingEvent, void, undefined> {
    await notifyAll(this.#callbacks, event, this);
    yield event;
  }

  /** Errors: a run is under way. */
  #refuseTwo(): void {
    if (this.#running) throw new Error('This trainer is training already; wait for that run, or make another trainer.');
  }

  #interrupted({ signal }: Run): boolean {
    return this.#stop !== undefined || (signal?.aborted ?? false);
  }

  /** True when the run may take no further step. */
  #spent({ maxSteps = Infinity }: Run): boolean {
    return this.#position.step - this.#position.start.step >= maxSteps;
  }

  #complete(run: Run): boolean {
    const { epoch, start, batch } = this.#position;
    return epoch - start.epoch >= (run.epochs ?? Infinity) || (this.#spent(run) && batch === 0);
  }

  #history({ signal }: Run): History {
    let end: End = 'finished';
    if (signal?.aborted) end = 'aborted';
    else if (this.#stop) end = 'stopped';
    const reason = end === 'stopped' ? this.#stop?.reason : undefined;
    return { epochs: structuredClone(this.#position.history), end, ...(reason !== undefined && { reason }) };
  }
}
