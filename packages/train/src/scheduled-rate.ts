import type { Optimizer, Schedule } from '@nn/optim';
import type { EpochRecord } from './figures.js';
import { Monitor } from './monitor.js';
import type { Position } from './position.js';
import type { Run } from './run.js';

/** Sets the optimizer's learning rate as a schedule says. */
export class ScheduledRate {
  readonly #optimizer: Optimizer;
  readonly #schedule: Schedule | undefined;
  readonly #monitor: Monitor | undefined;
  /** What the schedule must be told: its monitor in each epoch of the present run. */
  #measured: number[] = [];

  /** Errors: a monitor that is not understood. */
  constructor(optimizer: Optimizer, schedule: Schedule | undefined) {
    this.#optimizer = optimizer;
    this.#schedule = schedule;
    this.#monitor = schedule?.monitor === undefined ? undefined : new Monitor(schedule.kind, schedule);
  }

  /** Errors: a run without the validation that the schedule watches. */
  check({ validation }: Run): void {
    if (this.#schedule?.monitor?.startsWith('validation.') && !validation)
      throw new Error(
        `${this.#schedule.kind} watches ${this.#schedule.monitor}, and the run has no validation data; pass validation.`,
      );
  }

  /** Begins or resumes a run whose epochs so far are `history`. */
  begin(history: readonly EpochRecord[]): void {
    this.#measured = [];
    for (const record of history) this.watch(record);
  }

  /** Takes note of an epoch that is done. */
  watch(record: EpochRecord): void {
    if (this.#monitor) this.#measured.push(this.#monitor.read(record, undefined).value);
  }

  /** Sets the rate for the next step. */
  set({ epoch, step, start }: Position, { epochs, steps }: Run): void {
    const schedule = this.#schedule;
    if (!schedule) return;
    const [position, total] = schedule.per === 'epoch' ? [epoch - start.epoch, epochs] : [step - start.step, steps];
    this.#optimizer.learningRate = this.#optimizer.initialLearningRate * schedule.at(position, total, this.#measured);
  }
}
