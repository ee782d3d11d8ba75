import { divide, formatShape, isFloat, ShapeError, subtract, type Tensor, tensor } from '@nn/tensor';

/** `y = (x − mean) / deviation`, with one number for all, or one for each channel (the dimension after the batch's). */
export interface Normalization {
  readonly mean: number | readonly number[];
  readonly deviation: number | readonly number[];
}

/** Errors (RangeError): a mean that is no number, a deviation of 0. */
export function checkNormalization({ mean, deviation }: Normalization): void {
  if (![mean].flat().every(Number.isFinite)) throw new RangeError(`normalize: a mean of ${mean} is no number.`);
  if (![deviation].flat().every((value) => value > 0 && value < Infinity))
    throw new RangeError(`normalize: a deviation of ${deviation} cannot be divided by; it must be more than 0.`);
}

/**
 * A function that normalises batches like `x` [n, channels, ...].
 * Errors: a deviation of 0; as many numbers as x has no channels; x of whole numbers.
 */
export function normalizer(normalization: Normalization, x: Tensor): (batch: Tensor) => Tensor {
  checkNormalization(normalization);
  const { mean, deviation } = channelNumbers(normalization, x);
  return (batch) => divide(subtract(batch, mean), deviation);
}

/**
 * A normalisation's numbers in a shape that goes with `x` [n, channels, ...].
 * Errors: as many numbers as x has no channels; x of whole numbers.
 */
export function channelNumbers({ mean, deviation }: Normalization, x: Tensor) {
  const dtype = x.dtype === 'u8' ? 'f32' : x.dtype;
  if (!isFloat(dtype)) throw new TypeError(`normalize: ${dtype} data are not normalised; cast them to f32 first.`);
  const perChannel = (values: number | readonly number[], name: string) => {
    if (typeof values === 'number') return values;
    if (values.length !== x.shape[1]) {
      const channels = `${x.shape[1] ?? 'no'} channels in ${formatShape(x.shape)}`;
      throw new ShapeError(`normalize: ${name} has ${values.length} numbers for ${channels}; give one for each.`);
    }
    return tensor([...values], { dtype, shape: [values.length, ...x.shape.slice(2).map(() => 1)] });
  };
  return { mean: perChannel(mean, 'mean'), deviation: perChannel(deviation, 'deviation') };
}
