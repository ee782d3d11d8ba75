import { argmax, type Tensor } from '@nn/nn';
import { Failure } from './failure.js';

/** The likeliest digit of each image by its scores, [images, 10] → [images]. Errors (Failure): NaN or infinite scores. */
export function answers(scores: Tensor): Int32Array {
  const broken = scores.data.find((value) => !Number.isFinite(value));
  if (broken !== undefined)
    throw new Failure(`The network answers ${broken}, which tells no digit: its weights are damaged; train it anew.`);
  return argmax(scores).data as Int32Array;
}
