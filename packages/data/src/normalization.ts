import { divide, formatShape, isFloat, ShapeError, subtract, type Tensor, tensor } from '@nn/tensor';

/** `y = (x − mean) / deviation`, with one number for all, or one for each channel (the dimension after the batch's). */
export interface Normalization {
  readonly mean: number | readonly number[];
  readonly deviation: number | readonly number[];
}

/**
 * The mean and standard deviation of all of `x`, to normalise by; bytes count as 0…1, as TensorDataset gives them. Take
 * them from the training data alone.
 */
export function statistics(x: Tensor): { mean: number; deviation: number } {
  const { data } = x;
  const unit = x.dtype === 'u8' ? 255 : 1;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] - mean) ** 2;
  return { mean: mean / unit, deviation: Math.sqrt(squares / data.length) / unit };
}

/**
 * A function that normalises batches like `x` [n, channels, ...].
 * Errors: a deviation of 0; as many numbers as x has no channels; x of whole numbers.
 */
export function normalizer({ mean, deviation }: Normalization, x: Tensor): (batch: Tensor) => Tensor {
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
  if ([deviation].flat().some((value) => !(value > 0)))
    throw new RangeError(`normalize: a deviation of ${deviation} cannot be divided by; it must be more than 0.`);
  const [m, d] = [perChannel(mean, 'mean'), perChannel(deviation, 'deviation')];
  return (batch) => divide(subtract(batch, m), d);
}
