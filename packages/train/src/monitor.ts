import type { EpochRecord, Figures } from './figures.js';

export interface MonitorOptions {
  /**
   * What to watch: `train` or `validation`, a dot, and `loss`, the name of a loss or that of a metric.
   * Default `validation.loss`.
   */
  readonly monitor?: string;
  /** By how much a value must be better. Default 0. */
  readonly minDelta?: number;
  /** Which values are better. Default: `min` for losses and for metrics whose name ends in Error or perplexity, else `max`. */
  readonly mode?: 'min' | 'max';
}

/**
 * Watches one figure of the epochs for a callback. NaN is never better than anything.
 * Errors: options that make no sense; `owner` is whom messages name.
 */
export class Monitor {
  readonly #owner: string;
  readonly #mode: 'min' | 'max' | undefined;
  readonly #minDelta: number;
  /** What is watched, such as `validation.loss`. */
  readonly name: string;

  constructor(owner: string, { monitor = 'validation.loss', mode, minDelta = 0 }: MonitorOptions) {
    if (!(minDelta >= 0)) throw new RangeError(`${owner}: minDelta is a number, 0 or more, not ${minDelta}.`);
    if (mode !== undefined && mode !== 'min' && mode !== 'max')
      throw new TypeError(`${owner}: mode is 'min' or 'max', not ${JSON.stringify(mode)}.`);
    if (!/^(train|validation)\../.test(monitor))
      throw new TypeError(`${owner}: monitor is train or validation, a dot and a name, not "${monitor}".`);
    this.#owner = owner;
    this.#mode = mode;
    this.#minDelta = minDelta;
    this.name = monitor;
  }

  /** The figure of an epoch, and whether it is better than `best` (undefined: than none). Errors: it is not measured. */
  read(record: EpochRecord, best: number | undefined): { readonly value: number; readonly better: boolean } {
    const { value, isLoss } = this.#figureOf(record);
    const mode = this.#mode ?? (isLoss || /(Error|perplexity)$/.test(this.name) ? 'min' : 'max');
    if (Number.isNaN(value) || best === undefined) return { value, better: !Number.isNaN(value) };
    return { value, better: mode === 'min' ? value < best - this.#minDelta : value > best + this.#minDelta };
  }

  #figureOf(record: EpochRecord): { value: number; isLoss: boolean } {
    const [split, ...rest] = this.name.split('.');
    const name = rest.join('.');
    const figures: Figures | undefined = record[split as 'train' | 'validation'];
    if (!figures)
      throw new Error(`${this.#owner} watches ${this.name}, and the run has no validation data; pass validation.`);
    if (name === 'loss') return { value: figures.loss, isLoss: true };
    if (name in figures.losses) return { value: figures.losses[name], isLoss: true };
    const value = figures.metrics[name];
    if (typeof value === 'number') return { value, isLoss: false };
    const numbers = Object.entries(figures.metrics).filter(([, metric]) => typeof metric === 'number');
    const known = ['loss', ...Object.keys(figures.losses), ...numbers.map(([key]) => key)];
    throw new Error(`${this.#owner} watches ${this.name}, which is not measured; there are ${known.join(', ')}.`);
  }
}
