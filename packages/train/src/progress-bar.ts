import { checkCount, checkOptions } from '@nn/tensor';
import type { Callback } from './callback.js';
import { Eta, formatSeconds } from './eta.js';
import type { EndEvent, EpochEndEvent, EpochStartEvent, StepEvent, ValidationStepEvent } from './events.js';
import type { Figures } from './figures.js';

export interface ProgressBarOptions {
  /** Takes text. Default: the process's error stream, or nothing where there is no process. */
  readonly write?: (text: string) => void;
  /** True to redraw one line in place; false for plain lines. Default: whether the error stream is a terminal. */
  readonly terminal?: boolean;
  /** Columns of a terminal. Default: the error stream's, else 100. */
  readonly columns?: number;
  /** Seconds from one drawing to the next. Default 0.1 on a terminal, else 5. */
  readonly interval?: number;
  /** Batches from one drawing to the next, in place of `interval`. Default: seconds decide. */
  readonly every?: number;
  /** Seconds over which the pace is measured for the time that is left. Default 5. */
  readonly window?: number;
  /** The time in seconds. Default: the clock. */
  readonly now?: () => number;
}

interface ErrorStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const errorStream = () => (globalThis as { process?: { stderr?: ErrorStream } }).process?.stderr;

const barWidth = 20;
const clearLine = '\r\u001b[K';

/**
 * Shows how training goes: epoch, batch, loss, metrics, time taken and time left, a bar for training and one for validation;
 * a line stays for each epoch.
 * Errors: unknown options; an `every` that is no whole number from 1.
 */
export class ProgressBar implements Callback {
  readonly #write: (text: string) => void;
  readonly #terminal: boolean;
  readonly #columns: () => number;
  readonly #interval: number;
  readonly #every: number | undefined;
  readonly #now: () => number;
  readonly #eta: Eta;
  #drawn = -Infinity;
  #began = 0;
  /** When the last training step ended. */
  #stepped = 0;
  #pending = false;

  constructor(options: ProgressBarOptions = {}) {
    checkOptions('ProgressBar', options, ['write', 'terminal', 'columns', 'interval', 'every', 'window', 'now']);
    checkCount('ProgressBar', 'every', options.every);
    const { write = (text) => errorStream()?.write(text), terminal = errorStream()?.isTTY ?? false } = options;
    this.#write = write;
    this.#terminal = terminal;
    this.#columns = () => options.columns ?? errorStream()?.columns ?? 100;
    this.#interval = options.interval ?? (terminal ? 0.1 : 5);
    this.#every = options.every;
    this.#now = options.now ?? (() => performance.now() / 1000);
    this.#eta = new Eta(options.window ?? 5);
  }

  onEpochStart({ batch }: EpochStartEvent): void {
    this.#beginSplit(this.#now(), batch);
    if (this.#terminal) this.#drawn = -Infinity;
    else if (this.#drawn === -Infinity) this.#drawn = this.#began;
  }

  onStep({ epoch, epochs, batch, batches, figures }: StepEvent): void {
    this.#stepped = this.#now();
    this.#show(batch, batches, () => [epochName(epoch, epochs), ...this.#bar(batch, batches), ...shown(figures)]);
  }

  onValidationStep({ epoch, epochs, batch, batches }: ValidationStepEvent): void {
    if (batch === 1) this.#beginSplit(this.#stepped, 0);
    this.#show(batch, batches, () => [epochName(epoch, epochs), ...this.#bar(batch, batches), 'validation']);
  }

  onEpochEnd({ record, epochs }: EpochEndEvent): void {
    const { epoch, train, validation, learningRate, seconds } = record;
    const parts = [
      epochName(epoch, epochs),
      formatSeconds(seconds),
      ...shown(train),
      ...(validation ? shown(validation).map((figure) => `validation ${figure}`) : []),
      `learning rate ${formatNumber(learningRate)}`,
    ];
    this.#write(`${this.#terminal ? clearLine : ''}${parts.join('  ')}\n`);
    this.#pending = false;
    this.#drawn = this.#now();
  }

  onEnd({ history: { end, reason } }: EndEvent): void {
    if (this.#pending) this.#write('\n');
    this.#pending = false;
    if (end !== 'finished') this.#write(`Training was ${end}${reason === undefined ? '' : `: ${reason}`}.\n`);
  }

  /** Training or validation begins at `now`, or goes on at `batch`. */
  #beginSplit(now: number, batch: number): void {
    this.#began = now;
    this.#eta.reset();
    this.#eta.mark(this.#began, batch);
  }

  /** Draws `parts` with the times, if it is time to. */
  #show(batch: number, batches: number | undefined, parts: () => readonly string[]): void {
    const now = this.#now();
    this.#eta.mark(now, batch);
    if (this.#every === undefined ? now - this.#drawn < this.#interval : batch % this.#every !== 0) return;
    const left = batches === undefined ? undefined : this.#eta.remaining(batches);
    const times = [formatSeconds(now - this.#began), ...(left === undefined ? [] : [`ETA ${formatSeconds(left)}`])];
    this.#draw(now, [...parts(), ...times]);
  }

  #bar(batch: number, batches: number | undefined): string[] {
    if (batches === undefined) return [`batch ${batch}`];
    const count = `${String(batch).padStart(String(batches).length)}/${batches}`;
    if (!this.#terminal) return [count];
    const filled = Math.round((barWidth * batch) / batches);
    return [`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${count}`];
  }

  #draw(now: number, parts: readonly string[]): void {
    const line = parts.join('  ');
    this.#write(this.#terminal ? `${clearLine}${line.slice(0, this.#columns() - 1)}` : `${line}\n`);
    this.#pending = this.#terminal;
    this.#drawn = now;
  }
}

const epochName = (epoch: number, epochs: number | undefined) =>
  epochs === undefined ? `Epoch ${epoch}` : `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;

const formatNumber = (value: number) => {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(2);
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
};

/** The loss, each loss where there are several, and the metrics that are numbers. */
function shown({ loss, losses, metrics }: Figures): string[] {
  const several = Object.keys(losses).length > 1 ? Object.entries(losses) : [];
  const named = [['loss', loss], ...several, ...Object.entries(metrics)] as const;
  return named.flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${formatNumber(value)}`] : []));
}
