import { checkRange, inLayer, type Tensor } from '@nn/tensor';
import { checkAlike } from './alike.js';

export interface DecisionOptions {
  /**
   * Predictions above it mean yes. Default 0.5, of predictions that are probabilities. For logits, such as
   * `BinaryCrossEntropyWithLogits` takes, give 0.
   */
  readonly threshold?: number;
}

/** Decisions between no and yes, and what is true. */
export interface Decisions {
  readonly count: number;
  /** 1 for yes, 0 for no, −1 where the prediction is NaN. */
  predicted(i: number): number;
  /** 1 or 0. */
  truth(i: number): number;
}

/** Errors: a threshold that is no finite number. */
export function checkThreshold(owner: string, { threshold }: DecisionOptions): void {
  checkRange(owner, 'threshold', threshold, { from: -Infinity });
}

/**
 * Reads predictions of yes and their targets, 1 for yes and 0 for no, of any dtype and equal shapes.
 * Errors: shapes that differ; targets that are neither; predictions that are no probabilities where no threshold is given.
 */
export function decisionsOf(
  owner: string,
  prediction: Tensor,
  target: Tensor,
  { threshold }: DecisionOptions,
): Decisions {
  checkAlike(owner, prediction, target);
  const [guesses, truths] = [prediction.data, target.data];
  const odd = truths.findIndex((truth) => truth !== 0 && truth !== 1);
  if (odd >= 0)
    throw new RangeError(
      `${owner}${inLayer()}: target ${truths[odd]} at position ${odd} is neither 0, for no, nor 1, for yes.`,
    );
  const wild = threshold === undefined ? guesses.findIndex((guess) => guess < 0 || guess > 1) : -1;
  if (wild >= 0)
    throw new RangeError(
      `${owner}${inLayer()}: prediction ${guesses[wild]} at position ${wild} is no probability; give threshold: 0 for logits, or apply sigmoid.`,
    );
  const bound = threshold ?? 0.5;
  const decide = (guess: number) => (Number.isNaN(guess) ? -1 : Number(guess > bound));
  return { count: guesses.length, predicted: (i) => decide(guesses[i]), truth: (i) => truths[i] };
}
