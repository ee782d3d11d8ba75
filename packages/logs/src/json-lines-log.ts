import { checkCount, checkOptions, OptionError } from '@nn/tensor';
import type { Callback, EndEvent, EpochEndEvent, StartEvent, StepEvent, Trainer } from '@nn/train';
import { LogFile } from './log-file.js';

export interface JsonLinesLogOptions {
  /** The file. A run begins it anew; a resumed one goes on in it. */
  readonly path: string;
  /** Steps from one step that is written to the next. Default: none is written. */
  readonly every?: number;
}

/**
 * Writes what happens as JSON, a line each: `{"event":"start",…}`, `step` (every few), `epoch` with its record, `end`, each
 * with its `time` (ISO 8601). NaN and infinities become strings. Where a run was resumed from before the last lines, its
 * `start` line says at which `step`: those after it are written anew.
 * Errors: unknown options; a file that cannot be written.
 */
export class JsonLinesLog implements Callback {
  readonly name = 'JsonLinesLog';
  readonly #file: LogFile;
  readonly #every: number;

  constructor(options: JsonLinesLogOptions) {
    checkOptions('JsonLinesLog', options, ['path', 'every']);
    checkCount('JsonLinesLog', 'every', options.every);
    if (!options.path)
      throw new OptionError("JsonLinesLog needs the path of its file: new JsonLinesLog({ path: 'log.jsonl' }).");
    this.#file = new LogFile(options.path);
    this.#every = options.every ?? Infinity;
  }

  onStart({ epochs, batches, steps, resumed }: StartEvent, { position }: Trainer): void {
    if (!resumed) this.#file.begin();
    this.#write('start', { epochs, batches, steps, resumed, step: position.step - position.start.step });
  }

  onStep({ epoch, batch, step, loss, learningRate, gradientNorms }: StepEvent): void {
    if (step % this.#every === 0) this.#write('step', { epoch, batch, step, loss, learningRate, gradientNorms });
  }

  onEpochEnd({ record }: EpochEndEvent): void {
    this.#write('epoch', record);
  }

  onEnd({ history: { end, reason } }: EndEvent): void {
    this.#write('end', { end, reason });
  }

  #write(event: string, fields: object): void {
    const line = JSON.stringify({ event, time: new Date().toISOString(), ...fields }, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    );
    this.#file.append(`${line}\n`);
  }
}
