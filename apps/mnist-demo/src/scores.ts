import { Accuracy, ConfusionMatrix, crossEntropy, measure, predict, type Sequential, type Tensor } from '@nn/nn';
import { answers } from './answers.js';
import type { TestImages } from './images.js';

/** How a network does on labelled images. */
export interface Scores {
  readonly images: number;
  /** A score for each digit, [images, 10]. */
  readonly logits: Tensor;
  /** The digit that the network takes each image for, [images]. */
  readonly said: Int32Array;
  /** The true digits, [images]. */
  readonly labels: Tensor;
  /** The cross-entropy of each image, [images]. */
  readonly losses: Tensor;
  /** The mean of the losses. */
  readonly loss: number;
  /** The share of images told right. */
  readonly accuracy: number;
  /** How often digit i was taken for digit j, [10][10]. */
  readonly confusion: number[][];
}

/**
 * Runs a network on images, in evaluation mode, and compares what it says with what is true.
 * Errors: see `answers`.
 */
export async function score(model: Sequential, { batches, labels }: TestImages): Promise<Scores> {
  const logits = await predict(model, batches);
  const said = answers(logits);
  const losses = crossEntropy(logits, labels, { reduction: 'none' });
  return {
    images: labels.size,
    logits,
    said,
    labels,
    losses,
    loss: crossEntropy(logits, labels).item(),
    accuracy: measure(new Accuracy(), logits, labels),
    confusion: measure(new ConfusionMatrix(), logits, labels),
  };
}

/** True when two networks gave the same numbers, to the last bit. */
export const sameBits = (a: Tensor, b: Tensor): boolean => Buffer.compare(bytes(a), bytes(b)) === 0;

const bytes = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
