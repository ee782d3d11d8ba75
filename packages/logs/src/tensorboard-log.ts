import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkCount, checkOptions, OptionError } from '@nn/tensor';
import type { Callback, EpochEndEvent, StartEvent, StepEvent, Trainer } from '@nn/train';
import { scalarsOf, splitsOf } from './figures.js';
import { LogFile } from './log-file.js';
import { encodeEvent, encodeRecord, type TensorBoardEvent } from './tensorboard-record.js';

export interface TensorBoardLogOptions {
  /** The directory of this run; each run adds a file to it. TensorBoard shows the directories in one as runs to compare. */
  readonly directory: string;
  /** Steps from one step that is written to the next. Default: none is written, only epochs. */
  readonly every?: number;
}

let files = 0;

/**
 * Writes scalars for TensorBoard (`tensorboard --logdir runs`): after each epoch `loss/train`, `loss/validation` and each
 * metric so, and `learningRate`; every few steps `loss/step`, `learningRate/step` and `gradientNorm/<layer>`. The step of
 * each is that of all the trainer's runs; where a run is resumed from earlier, what came later is replaced.
 * Errors: unknown options; a file that cannot be written.
 */
export class TensorBoardLog implements Callback {
  readonly name = 'TensorBoardLog';
  readonly options: TensorBoardLogOptions;
  #file: LogFile | undefined;

  constructor(options: TensorBoardLogOptions) {
    checkOptions('TensorBoardLog', options, ['directory', 'every']);
    checkCount('TensorBoardLog', 'every', options.every);
    if (!options.directory)
      throw new OptionError("TensorBoardLog needs its directory: new TensorBoardLog({ directory: 'runs/first' }).");
    this.options = options;
  }

  onStart({ resumed }: StartEvent, { position }: Trainer): void {
    const seconds = Math.floor(Date.now() / 1000);
    const name = `events.out.tfevents.${String(seconds).padStart(10, '0')}.${hostname()}.${process.pid}.${files++}`;
    this.#file = new LogFile(join(this.options.directory, name));
    this.#file.begin();
    this.#write({ fileVersion: 'brain.Event:2' });
    if (resumed) this.#write({ step: position.step + 1, sessionStart: true });
  }

  onStep({ step, loss, learningRate, gradientNorms = {} }: StepEvent, trainer: Trainer): void {
    if (step % (this.options.every ?? Infinity) !== 0) return;
    const norms = Object.entries(gradientNorms).map(([layer, norm]) => [`gradientNorm/${layer}`, norm] as const);
    const scalars = [['loss/step', loss] as const, ['learningRate/step', learningRate] as const, ...norms];
    this.#write({ step: trainer.position.step, scalars });
  }

  onEpochEnd({ record }: EpochEndEvent, trainer: Trainer): void {
    const figures = splitsOf(record).flatMap(([split, figures]) =>
      scalarsOf(figures).map(([name, value]) => [`${name}/${split}`, value] as const),
    );
    this.#write({ step: trainer.position.step, scalars: [...figures, ['learningRate', record.learningRate]] });
  }

  #write(event: TensorBoardEvent): void {
    this.#file?.append(encodeRecord(encodeEvent(Date.now() / 1000, event)));
  }
}
