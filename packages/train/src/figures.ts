/** A metric's result. */
export type MetricValue = number | readonly (readonly number[])[];

/** What was measured over some samples; `V` is what the metrics give. */
export interface Figures<V extends MetricValue = MetricValue> {
  /** The weighted sum of all losses, a mean over samples, and the penalties of regularisers. */
  readonly loss: number;
  /** Each loss by its name, not yet weighted: as losses were given by name, else that of its class. Each penalty by its name. */
  readonly losses: Readonly<Record<string, number>>;
  /** Each metric by its name, after its output's and a dot where metrics were given by output: `digit.accuracy`. */
  readonly metrics: Readonly<Record<string, V>>;
}

/** One epoch, as JSON. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done when it ended, counted from the start of the run. */
  readonly step: number;
  /** Measured during training, so in training mode and while the parameters changed. */
  readonly train: Figures;
  /** Measured after the epoch's training, in evaluation mode. */
  readonly validation?: Figures;
  /** That of the epoch's last step. */
  readonly learningRate: number;
  /** Training and validation together. */
  readonly seconds: number;
}

/** Why a run ended: it did all it was asked, its signal was aborted, or `trainer.stop()` was called. */
export type End = 'finished' | 'aborted' | 'stopped';

/** A training run, as JSON. */
export interface History {
  readonly epochs: readonly EpochRecord[];
  readonly end: End;
  /** Why it was stopped. */
  readonly reason?: string;
}
