import { type Batch, type BatchSource, batchesOf, countOf, samplesOf } from './batches.js';
import { notifyAll } from './callback.js';
import type { Evaluator } from './evaluate.js';
import type { StepEvent, TrainingEvent } from './events.js';
import type { End, Figures, History } from './figures.js';
import type { Objective } from './objective.js';
import { Breather } from './pace.js';
import type { Position } from './position.js';
import type { Run } from './run.js';
import type { ScheduledRate } from './scheduled-rate.js';
import { Tally } from './tally.js';
import type { Trainer } from './trainer.js';
import type { Done, TrainingStep } from './training-step.js';

/** What a trainer lends to its runs. */
export interface Lent {
  readonly trainer: Trainer;
  readonly objective: Objective;
  readonly step: TrainingStep;
  readonly rate: ScheduledRate;
  readonly evaluator: Evaluator;
  /** Where the trainer is; runs move it on, and a callback that loads a state puts the trainer elsewhere. */
  position(): Position;
}

/** One call of `fit`: epochs of steps, a validation after each, and everybody told. */
export class TrainingRun {
  readonly #run: Run;
  readonly #lent: Lent;
  #stop: { readonly reason: string | undefined } | undefined;

  constructor(run: Run, lent: Lent) {
    this.#run = run;
    this.#lent = lent;
  }

  /** Ends the run after the step under way. */
  stop(reason?: string): void {
    this.#stop = { reason };
  }

  /** Trains to the end. */
  async *events(): AsyncGenerator<TrainingEvent, History, undefined> {
    const { epochs, batches, steps } = this.#run;
    const resumed = this.#position.step > this.#position.start.step;
    yield* this.#tell({ type: 'start', epochs, batches, steps, resumed });
    const breather = new Breather();
    while (!this.#interrupted && !this.#complete) yield* this.#epoch(breather);
    const history = this.#history();
    yield* this.#tell({ type: 'end', history });
    return history;
  }

  async *#epoch(breather: Breather): AsyncGenerator<TrainingEvent, void, undefined> {
    const position = this.#position;
    const { epochs, batches } = this.#run;
    const epoch = this.#epochOfRun;
    const [before, began] = [position.seconds, performance.now()];
    const elapse = () => {
      position.seconds = before + (performance.now() - began) / 1000;
    };
    yield* this.#tell({ type: 'epochStart', epoch, epochs, batches, batch: position.batch });
    if (this.#interrupted) return;

    const tally = new Tally(this.#lent.objective, position.sums);
    for await (const batch of this.#batches()) {
      const done = await this.#advance(batch, tally);
      elapse();
      yield* this.#tell(this.#stepEvent({ ...done, samples: samplesOf(batch), tally }));
      if (this.#interrupted) return;
      await breather.breathe();
    }
    if (position.batch === 0)
      throw new RangeError(
        `Epoch ${epoch} had nothing to learn from: train gave no batches. A generator is used up after one epoch; give a ` +
          'DataLoader or an array.',
      );

    let validation: Figures | undefined;
    if (this.#run.validation) {
      const measured = yield* this.#validate(this.#run.validation);
      if (!measured) return;
      validation = measured.figures();
    }
    elapse();
    const record = {
      epoch,
      step: this.#stepOfRun,
      train: tally.figures(),
      ...(validation && { validation }),
      learningRate: this.#lent.trainer.optimizer.learningRate,
      seconds: position.seconds,
    };
    position.history.push(record);
    this.#lent.rate.watch(record);
    Object.assign(position, { epoch: position.epoch + 1, batch: 0, seconds: 0, sums: undefined });
    yield* this.#tell({ type: 'epochEnd', epoch, epochs, batches, record });
  }

  /** The rest of the epoch's batches, as far as the run may go. */
  async *#batches(): AsyncGenerator<Batch, void, undefined> {
    const { epoch, batch } = this.#position;
    if (this.#spent) return;
    for await (const next of batchesOf(this.#run.train, { epoch, start: batch })) {
      yield next;
      if (this.#spent) return;
    }
  }

  /** The next step. */
  async #advance(batch: Batch, tally: Tally): Promise<Done> {
    const position = this.#position;
    const { step, rate } = this.#lent;
    rate.set(position, this.#run);
    const done = await step.take(batch, tally, {
      step: this.#stepOfRun + 1,
      epoch: this.#epochOfRun,
      batch: position.batch + 1,
      batches: this.#run.batches,
    });
    position.batch++;
    position.step++;
    position.sums = tally.sums;
    return done;
  }

  async *#validate(data: BatchSource): AsyncGenerator<TrainingEvent, Tally | undefined, undefined> {
    const [epoch, { epochs }] = [this.#epochOfRun, this.#run];
    const validating = this.#lent.evaluator.over(data, { epoch: this.#position.epoch });
    try {
      let next = await validating.next();
      while (!next.done) {
        yield* this.#tell({ type: 'validationStep', epoch, epochs, batch: next.value, batches: countOf(data) });
        if (this.#interrupted) return undefined;
        next = await validating.next();
      }
      return next.value;
    } finally {
      await validating.return(undefined as never);
    }
  }

  #stepEvent({ loss, gradientNorms, samples, tally }: Done & { samples: number; tally: Tally }): StepEvent {
    const { epochs, batches, steps } = this.#run;
    return {
      type: 'step',
      epoch: this.#epochOfRun,
      epochs,
      batch: this.#position.batch,
      batches,
      step: this.#stepOfRun,
      steps,
      samples,
      loss,
      learningRate: this.#lent.trainer.optimizer.learningRate,
      ...(gradientNorms && { gradientNorms }),
      get figures() {
        return tally.figures();
      },
    };
  }

  async *#tell(event: TrainingEvent): AsyncGenerator<TrainingEvent, void, undefined> {
    await notifyAll(this.#run.callbacks, event, this.#lent.trainer);
    yield event;
  }

  get #position(): Position {
    return this.#lent.position();
  }

  /** The present epoch, counted from 1 in this run. */
  get #epochOfRun(): number {
    return this.#position.epoch - this.#position.start.epoch + 1;
  }

  /** The steps of this run that are done. */
  get #stepOfRun(): number {
    return this.#position.step - this.#position.start.step;
  }

  get #interrupted(): boolean {
    return this.#stop !== undefined || (this.#run.signal?.aborted ?? false);
  }

  /** True when the run may take no further step. */
  get #spent(): boolean {
    return this.#stepOfRun >= (this.#run.maxSteps ?? Infinity);
  }

  get #complete(): boolean {
    const { epochs = Infinity } = this.#run;
    return this.#epochOfRun > epochs || (this.#spent && this.#position.batch === 0);
  }

  #history(): History {
    let end: End = 'finished';
    if (this.#run.signal?.aborted) end = 'aborted';
    else if (this.#stop) end = 'stopped';
    const reason = end === 'stopped' ? this.#stop?.reason : undefined;
    return { epochs: structuredClone(this.#position.history), end, ...(reason !== undefined && { reason }) };
  }
}
