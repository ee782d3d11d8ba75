/** The rows of the data that make up a step's batch. */
export type Step = readonly number[];

export interface Result {
  readonly seconds: number;
  /** The loss of each step. */
  readonly losses: readonly number[];
}

/** One side of the comparison, ready to train. */
export interface Contestant {
  readonly name: string;
  /** Trains on the batches, one step each. */
  run(steps: readonly Step[]): Promise<Result>;
  close(): void;
}
