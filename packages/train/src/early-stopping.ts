import { checkCount, checkOptions, type Tensor, tensor } from '@nn/tensor';
import type { Callback, CallbackState } from './callback.js';
import type { EndEvent, EpochEndEvent, StartEvent } from './events.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import type { Trainer } from './trainer.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without a better value that are put up with. Default 0. */
  readonly patience?: number;
  /** False to keep the weights of the last epoch. Default true: those of the best one come back at the end. */
  readonly restoreBest?: boolean;
}

interface Watched {
  best: number | undefined;
  epoch: number;
  /** Epochs since the best. */
  waited: number;
}

/**
 * Stops when a figure no longer gets better, and puts the best weights back, whether the run was stopped or went to its
 * end; not when it was aborted, as it may go on. NaN is never better.
 * Errors: unknown options; a figure that is not measured.
 */
export class EarlyStopping implements Callback {
  readonly name: string;
  readonly options: EarlyStoppingOptions;
  readonly #monitor: Monitor;
  #watched: Watched = { best: undefined, epoch: 0, waited: 0 };
  #weights = new Map<string, Tensor>();

  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions('EarlyStopping', options, ['monitor', 'patience', 'minDelta', 'mode', 'restoreBest']);
    checkCount('EarlyStopping', 'patience', options.patience, 0);
    this.options = options;
    this.#monitor = new Monitor('EarlyStopping', options);
    this.name = `EarlyStopping ${this.#monitor.name}`;
  }

  /** The best value so far, and its epoch; undefined before the first. */
  get best(): { readonly value: number; readonly epoch: number } | undefined {
    const { best: value, epoch } = this.#watched;
    return value === undefined ? undefined : { value, epoch };
  }

  onStart({ resumed }: StartEvent): void {
    if (resumed) return;
    this.#watched = { best: undefined, epoch: 0, waited: 0 };
    this.#weights.clear();
  }

  onEpochEnd({ record }: EpochEndEvent, trainer: Trainer): void {
    const { patience = 0, restoreBest = true } = this.options;
    const watched = this.#watched;
    const { value, better } = this.#monitor.read(record, watched.best);
    if (better) {
      this.#watched = { best: value, epoch: record.epoch, waited: 0 };
      if (restoreBest) this.#weights = copyOf(trainer.model.stateDict());
    } else if (++watched.waited > patience) {
      const since = `in epoch ${watched.epoch} for ${watched.waited} epochs`;
      trainer.stop(`${this.#monitor.name} has not been better than ${since}`);
    }
  }

  onEnd({ history }: EndEvent, { model }: Trainer): void {
    if (history.end !== 'aborted' && this.#weights.size > 0) model.loadStateDict(this.#weights);
  }

  state(): CallbackState {
    return { values: { ...this.#watched }, tensors: new Map(this.#weights) };
  }

  loadState({ values, tensors }: CallbackState): void {
    this.#watched = { ...(values as Watched) };
    this.#weights = new Map(tensors);
  }
}

const copyOf = (state: ReadonlyMap<string, Tensor>) =>
  new Map([...state].map(([key, value]) => [key, tensor(value.data.slice(), { shape: value.shape })]));
