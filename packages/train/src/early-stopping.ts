import { checkCount, checkOptions, type Tensor, tensor } from '@nn/tensor';
import type { Callback, CallbackState } from './callback.js';
import type { EndEvent, EpochEndEvent, StartEvent } from './events.js';
import type { EpochRecord, Figures } from './figures.js';
import type { Trainer } from './trainer.js';

export interface EarlyStoppingOptions {
  /**
   * What to watch: `train` or `validation`, a dot, and `loss`, the name of a loss or that of a metric.
   * Default `validation.loss`.
   */
  readonly monitor?: string;
  /** Epochs without a better value that are put up with. Default 0. */
  readonly patience?: number;
  /** By how much a value must be better. Default 0. */
  readonly minDelta?: number;
  /** Which values are better. Default: `min` for losses and for metrics whose name ends in Error, else `max`. */
  readonly mode?: 'min' | 'max';
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
  #watched: Watched = { best: undefined, epoch: 0, waited: 0 };
  #weights = new Map<string, Tensor>();

  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions('EarlyStopping', options, ['monitor', 'patience', 'minDelta', 'mode', 'restoreBest']);
    const { monitor = 'validation.loss', mode, minDelta = 0 } = options;
    checkCount('EarlyStopping', 'patience', options.patience, 0);
    if (!(minDelta >= 0)) throw new RangeError(`EarlyStopping: minDelta is a number, 0 or more, not ${minDelta}.`);
    if (mode !== undefined && mode !== 'min' && mode !== 'max')
      throw new TypeError(`EarlyStopping: mode is 'min' or 'max', not ${JSON.stringify(mode)}.`);
    if (!/^(train|validation)\../.test(monitor))
      throw new TypeError(`EarlyStopping: monitor is train or validation, a dot and a name, not "${monitor}".`);
    this.options = options;
    this.name = `EarlyStopping ${monitor}`;
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
    const { monitor = 'validation.loss', patience = 0, restoreBest = true } = this.options;
    const { value, isLoss } = figureOf(record, monitor);
    const watched = this.#watched;
    if (this.#isBetter(value, isLoss)) {
      this.#watched = { best: value, epoch: record.epoch, waited: 0 };
      if (restoreBest) this.#weights = copyOf(trainer.model.stateDict());
    } else if (++watched.waited > patience) {
      trainer.stop(`${monitor} has not been better than in epoch ${watched.epoch} for ${watched.waited} epochs`);
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

  #isBetter(value: number, isLoss: boolean): boolean {
    const { monitor = '', minDelta = 0, mode = isLoss || monitor.endsWith('Error') ? 'min' : 'max' } = this.options;
    const { best } = this.#watched;
    if (Number.isNaN(value)) return false;
    if (best === undefined) return true;
    return mode === 'min' ? value < best - minDelta : value > best + minDelta;
  }
}

function figureOf(record: EpochRecord, monitor: string): { value: number; isLoss: boolean } {
  const [split, ...rest] = monitor.split('.');
  const name = rest.join('.');
  const figures: Figures | undefined = record[split as 'train' | 'validation'];
  if (!figures)
    throw new Error(`EarlyStopping watches ${monitor}, and the run has no validation data; pass validation.`);
  if (name === 'loss') return { value: figures.loss, isLoss: true };
  if (name in figures.losses) return { value: figures.losses[name], isLoss: true };
  const value = figures.metrics[name];
  if (typeof value === 'number') return { value, isLoss: false };
  const numbers = Object.entries(figures.metrics).filter(([, metric]) => typeof metric === 'number');
  const known = ['loss', ...Object.keys(figures.losses), ...numbers.map(([key]) => key)];
  throw new Error(`EarlyStopping watches ${monitor}, which is not measured; there are ${known.join(', ')}.`);
}

const copyOf = (state: ReadonlyMap<string, Tensor>) =>
  new Map([...state].map(([key, value]) => [key, tensor(value.data.slice(), { shape: value.shape })]));
