import { checkOptions, OptionError } from '@nn/tensor';
import type { Callback, EpochEndEvent, EpochRecord, StartEvent, Trainer } from '@nn/train';
import { stringify } from 'csv-stringify/sync';
import { scalarsOf, splitsOf } from './figures.js';
import { LogFile } from './log-file.js';

export interface CsvLogOptions {
  /** The file. A run begins it anew, with the epochs that a resumed one has done. */
  readonly path: string;
}

/**
 * Writes a table with a row for each epoch: `epoch,step,learningRate,seconds,train.loss,…,validation.loss,…`. Metrics that
 * are no single numbers are left out. Errors: unknown options; a file that cannot be written.
 */
export class CsvLog implements Callback {
  readonly name = 'CsvLog';
  readonly #file: LogFile;
  #columns: readonly string[] | undefined;

  constructor(options: CsvLogOptions) {
    checkOptions('CsvLog', options, ['path']);
    if (!options.path) throw new OptionError("CsvLog needs the path of its file: new CsvLog({ path: 'log.csv' }).");
    this.#file = new LogFile(options.path);
  }

  onStart(_: StartEvent, trainer: Trainer): void {
    this.#columns = undefined;
    this.#file.begin();
    for (const record of trainer.position.history) this.#add(record);
  }

  onEpochEnd({ record }: EpochEndEvent): void {
    this.#add(record);
  }

  #add(record: EpochRecord): void {
    const row = rowOf(record);
    const header = this.#columns === undefined;
    this.#columns ??= Object.keys(row);
    this.#file.append(stringify([row], { header, columns: [...this.#columns] }));
  }
}

const rowOf = (record: EpochRecord): Record<string, number> => {
  const { epoch, step, learningRate, seconds } = record;
  const figures = splitsOf(record).flatMap(([split, figures]) =>
    scalarsOf(figures).map(([name, value]) => [`${split}.${name}`, value] as const),
  );
  return { epoch, step, learningRate, seconds, ...Object.fromEntries(figures) };
};
