import type { EpochRecord, Figures, History } from './figures.js';

/** Numbers that every event of a run carries. */
interface Progress {
  /** The epoch under way, counted from 1. */
  readonly epoch: number;
  /** Epochs that were asked for, if any number was. */
  readonly epochs: number | undefined;
  /** Batches in an epoch, where that is known. */
  readonly batches: number | undefined;
}

/** Before anything else. */
export interface StartEvent {
  readonly type: 'start';
  readonly epochs: number | undefined;
  readonly batches: number | undefined;
  /** Steps of the whole run, where that is known. */
  readonly steps: number | undefined;
  /** True where an interrupted run goes on. */
  readonly resumed: boolean;
}

/** Before the first batch of an epoch, or the first after an interruption. */
export interface EpochStartEvent extends Progress {
  readonly type: 'epochStart';
  /** Batches of it that were done before an interruption, else 0. */
  readonly batch: number;
}

/** After each step. */
export interface StepEvent extends Progress {
  readonly type: 'step';
  /** Batches done in this epoch. */
  readonly batch: number;
  /** Steps done in this run. */
  readonly step: number;
  /** Steps of the whole run, where that is known. */
  readonly steps: number | undefined;
  /** Samples in the batch. */
  readonly samples: number;
  /** The loss of this batch. */
  readonly loss: number;
  readonly learningRate: number;
  /** With the trainer's option `gradientNorms`: `√Σ g²` of each layer's parameters, before clipping, by its path. */
  readonly gradientNorms?: Readonly<Record<string, number>>;
  /** Means over the epoch so far; computed when read. */
  readonly figures: Figures;
}

/** After each batch of validation data. */
export interface ValidationStepEvent {
  readonly type: 'validationStep';
  readonly epoch: number;
  readonly epochs: number | undefined;
  readonly batch: number;
  /** Batches of validation data, where that is known. */
  readonly batches: number | undefined;
}

/** After an epoch's training and validation. */
export interface EpochEndEvent extends Progress {
  readonly type: 'epochEnd';
  readonly record: EpochRecord;
}

/** After everything, interrupted runs included. */
export interface EndEvent {
  readonly type: 'end';
  readonly history: History;
}

/** What happens in a training run, in order. */
export type TrainingEvent = StartEvent | EpochStartEvent | StepEvent | ValidationStepEvent | EpochEndEvent | EndEvent;
