import { epochBatches, inBatches, splitOf } from './batches.js';
import type { Learner, Score } from './learner.js';

/** What one side shows after an epoch. */
export interface Progress {
  readonly train: Score;
  readonly validation: Score;
  readonly test: Score;
  /** Seconds of its training steps. */
  readonly seconds: number;
}

/**
 * What all sides showed from one seed: by epoch, then by framework; and the score on the test images of each side's best
 * epoch, as validation has it.
 */
export interface Run {
  readonly seed: number;
  readonly epochs: readonly Readonly<Record<string, Progress>>[];
  readonly test: Readonly<Record<string, Score>>;
}

export interface RunOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  /** Told of each epoch. */
  readonly tell: (epoch: number, progress: Readonly<Record<string, Progress>>) => void;
}

/** Rows of one batch of an evaluation. */
const evaluationBatch = 1000;

/** Trains all learners on the same batches, and measures them on the same samples, in evaluation mode. */
export async function learn(learners: readonly Learner[], { seed, epochs, batch, tell }: RunOptions): Promise<Run> {
  const { train, validation, test } = splitOf(seed);
  const each = async <T>(work: (learner: Learner) => Promise<T>): Promise<Record<string, T>> => {
    const results: Record<string, T> = {};
    for (const learner of learners) results[learner.framework] = await work(learner);
    return results;
  };
  const history: Record<string, Progress>[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = epochBatches(train, batch, { seed, epoch });
    const progress = await each(async (learner): Promise<Progress> => {
      const { seconds } = await learner.train(batches);
      const score = (rows: readonly number[]) => learner.evaluate(inBatches(rows, evaluationBatch));
      return { train: await score(train), validation: await score(validation), test: await score(test), seconds };
    });
    history.push(progress);
    tell(epoch + 1, progress);
  }
  return { seed, epochs: history, test: await each(async ({ framework }) => bestOf(history, framework).test) };
}

/** The epoch after which a side was best on the validation images; the first of equals. */
function bestOf(history: readonly Readonly<Record<string, Progress>>[], framework: string): Progress {
  return history
    .map((progress) => progress[framework])
    .reduce((best, next) => (next.validation.accuracy > best.validation.accuracy ? next : best));
}
