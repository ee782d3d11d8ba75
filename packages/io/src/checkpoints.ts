import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkCount, checkOptions, OptionError } from '@nn/tensor';
import {
  type Callback,
  type CallbackState,
  type EpochEndEvent,
  Monitor,
  type MonitorOptions,
  type StartEvent,
  type Trainer,
  type TrainingEvent,
} from '@nn/train';
import { save } from './save.js';

export interface CheckpointsOptions extends MonitorOptions {
  /** Where the files go; made if it is not there. */
  readonly directory: string;
  /** Epochs from one checkpoint to the next. Default 1; with `everySteps`, none at the ends of epochs. */
  readonly everyEpochs?: number;
  /** Steps from one checkpoint to the next. Default: none within epochs. */
  readonly everySteps?: number;
  /** How many of the latest are kept. Default 1. */
  readonly keepLast?: number;
  /** The figure by which the best epoch is kept too, in `best.h5`. Default: none, and no best one is kept. */
  readonly monitor?: string;
}

const stepOf = (file: string): number => Number(/^step-(\d+)\.h5$/.exec(file)?.[1] ?? Number.NaN);
const fileOf = (step: number): string => `step-${String(step).padStart(9, '0')}.h5`;

/** The steps of which a directory has checkpoints, ascending. */
const stepsIn = (directory: string): number[] =>
  readdirSync(directory)
    .map(stepOf)
    .filter((step) => !Number.isNaN(step))
    .sort((a, b) => a - b);

/** The latest checkpoint in a directory, by its step; undefined where there is none. Errors: no such directory. */
export function latestCheckpoint(directory: string): string | undefined {
  const step = stepsIn(directory).at(-1);
  return step === undefined ? undefined : join(directory, fileOf(step));
}

/**
 * Writes the trainer every few epochs or steps to `step-000000123.h5` (steps of all its runs), each whole or not at all, and
 * keeps the latest ones and the best. From any of them a run goes on bit for bit, with what the other callbacks keep.
 *
 * ```ts
 * const checkpoints = new Checkpoints({ directory: 'checkpoints', keepLast: 3, monitor: 'validation.loss' });
 * await trainer.fit({ train, validation, epochs: 20, callbacks: [checkpoints] });
 *
 * const trainer = await loadTrainer(latestCheckpoint('checkpoints'), { layers, losses, metrics, optim });
 * await trainer.fit({ train, validation, epochs: 20, callbacks: [checkpoints], resume: true });
 * ```
 * Errors: unknown options, or ones that make no sense; FileError; a run that would write among later ones of another.
 */
export class Checkpoints implements Callback {
  readonly name = 'Checkpoints';
  readonly options: CheckpointsOptions;
  readonly #monitor: Monitor | undefined;
  #best: { readonly value?: number; readonly epoch: number } = { epoch: 0 };

  constructor(options: CheckpointsOptions) {
    const known = ['directory', 'everyEpochs', 'everySteps', 'keepLast', 'monitor', 'minDelta', 'mode'];
    checkOptions('Checkpoints', options, known);
    if (typeof options.directory !== 'string' || options.directory === '')
      throw new OptionError('Checkpoints needs the directory in which to write: new Checkpoints({ directory }).');
    for (const name of ['everyEpochs', 'everySteps', 'keepLast'] as const)
      checkCount('Checkpoints', name, options[name]);
    this.options = options;
    this.#monitor = options.monitor === undefined ? undefined : new Monitor('Checkpoints', options);
  }

  /** The epoch of `best.h5` and the value of its figure; undefined before the first. */
  get best(): { readonly value: number; readonly epoch: number } | undefined {
    const { value, epoch } = this.#best;
    return value === undefined ? undefined : { value, epoch };
  }

  onStart({ resumed }: StartEvent, trainer: Trainer): void {
    const { directory } = this.options;
    mkdirSync(directory, { recursive: true });
    if (resumed) return;
    this.#best = { epoch: 0 };
    const last = stepsIn(directory).at(-1) ?? 0;
    if (last <= trainer.position.step) return;
    throw new Error(
      `${directory} has checkpoints of another run, up to step ${last}; go on from the last with ` +
        'loadTrainer(latestCheckpoint(directory), …) and resume: true, or choose another directory.',
    );
  }

  onEpochEnd({ record }: EpochEndEvent): void {
    const found = this.#monitor?.read(record, this.#best.value);
    if (found?.better) this.#best = { value: found.value, epoch: record.epoch };
  }

  async afterAll(event: TrainingEvent, trainer: Trainer): Promise<void> {
    const { directory, everySteps, everyEpochs = everySteps === undefined ? 1 : undefined } = this.options;
    if (event.type === 'epochEnd' && this.#best.epoch === event.epoch) await save(join(directory, 'best.h5'), trainer);
    const due =
      (event.type === 'step' && everySteps !== undefined && event.step % everySteps === 0) ||
      (event.type === 'epochEnd' && everyEpochs !== undefined && event.epoch % everyEpochs === 0);
    if (!due) return;
    const { step } = trainer.position;
    await save(join(directory, fileOf(step)), trainer);
    this.#prune(step);
  }

  state(): CallbackState {
    return { values: this.#best, tensors: new Map() };
  }

  loadState({ values }: CallbackState): void {
    this.#best = values as { value?: number; epoch: number };
  }

  /** Removes all but the latest ones up to `step`. */
  #prune(step: number): void {
    const { directory, keepLast = 1 } = this.options;
    const old = stepsIn(directory).filter((other) => other <= step);
    for (const other of old.slice(0, -keepLast)) rmSync(join(directory, fileOf(other)), { force: true });
  }
}
