import { NumberError } from '@nn/tensor';

/** Where training is, for messages. */
export interface Place {
  readonly step: number;
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number | undefined;
}

/** `at step 12 (epoch 1, batch 12 of 469)` */
export const at = ({ step, epoch, batch, batches }: Place) =>
  `at step ${step} (epoch ${epoch}, batch ${batch}${batches === undefined ? '' : ` of ${batches}`})`;

/** The loss is NaN or infinite: training has broken down. */
export class LossError extends Error {
  override readonly name = 'LossError';

  constructor(loss: number, place: Place, learningRate: number) {
    super(
      `The loss is ${loss} ${at(place)}. The usual remedies: a lower learning rate (it is ${learningRate}), clip: { norm: 1 }, ` +
        'no NaN in the data; with checkNumbers: true, or NN_CHECK=1, the kernel and layer that made the first are named.',
    );
  }
}

/** The words of every kernel and metric that takes labels; a test of `@nn/nn` holds all backends to them. */
const labelFault = /target -?\d+ at row \d+ is outside 0…(\d+)/;

/** Adds to an error about labels or numbers where it happened and what to do; others stay as they are. */
export function explained(error: unknown, where: string): unknown {
  if (error instanceof NumberError)
    return new NumberError(error.kernel, error.path, error.launch, error.description, where);
  if (!(error instanceof Error)) return error;
  const found = labelFault.exec(error.message);
  if (!found) return error;
  const classes = Number(found[1]) + 1;
  return new RangeError(
    `${error.message.replace(/\.$/, '')}, ${where}. The model tells ${classes} classes apart, so labels are whole ` +
      `numbers from 0 to ${classes - 1}: correct the labels, or give the last layer more features.`,
    { cause: error },
  );
}
