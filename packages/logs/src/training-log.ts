import { checkCount, checkOptions } from '@nn/tensor';
import type { Callback, EndEvent, EpochEndEvent, StartEvent, StepEvent } from '@nn/train';
import type { Logger } from 'pino';
import { scalarsOf, splitsOf } from './figures.js';
import { createLogger } from './logger.js';

export interface TrainingLogOptions {
  /** Where lines go. Default: `createLogger()`, which the environment decides on. */
  readonly logger?: Pick<Logger, 'info' | 'debug'>;
  /** Steps from one step that is logged, at level `debug`, to the next. Default 1. */
  readonly every?: number;
}

/**
 * Tells a structured logger how training goes: the start, each epoch with its figures and the end at level `info`, steps at
 * `debug`. Errors: unknown options; an `every` that is no whole number from 1.
 */
export class TrainingLog implements Callback {
  readonly name = 'TrainingLog';
  readonly #logger: Pick<Logger, 'info' | 'debug'>;
  readonly #every: number;

  constructor(options: TrainingLogOptions = {}) {
    checkOptions('TrainingLog', options, ['logger', 'every']);
    checkCount('TrainingLog', 'every', options.every);
    this.#logger = options.logger ?? createLogger();
    this.#every = options.every ?? 1;
  }

  onStart({ epochs, batches, steps, resumed }: StartEvent): void {
    this.#logger.info({ epochs, batches, steps, resumed }, resumed ? 'training goes on' : 'training starts');
  }

  onStep({ epoch, batch, step, loss, learningRate, gradientNorms }: StepEvent): void {
    if (step % this.#every === 0)
      this.#logger.debug({ epoch, batch, step, loss, learningRate, gradientNorms }, 'a step is done');
  }

  onEpochEnd({ record }: EpochEndEvent): void {
    const { epoch, step, learningRate, seconds } = record;
    const figures = splitsOf(record).map(
      ([split, figures]) => [split, Object.fromEntries(scalarsOf(figures))] as const,
    );
    this.#logger.info({ epoch, step, ...Object.fromEntries(figures), learningRate, seconds }, 'an epoch is done');
  }

  onEnd({ history: { end, reason, epochs } }: EndEvent): void {
    this.#logger.info({ end, reason, epochs: epochs.length }, 'training ends');
  }
}
