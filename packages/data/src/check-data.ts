import { isFloat, stridesOf, type Tensor } from '@nn/tensor';
import { DataError } from './data-error.js';

/**
 * Throws unless every number of `x` [n, ...] is finite.
 * Errors (DataError): the first NaN or infinity, with its sample and its position in the sample.
 *
 * @param name what the message calls the tensor
 */
export function checkFinite(x: Tensor, name = 'x'): void {
  if (!isFloat(x.dtype)) return;
  const { data } = x;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const [sample, ...position] = stridesOf(x.shape).map((stride, axis) => Math.floor(i / stride) % x.shape[axis]);
    const place = position.length > 0 ? ` at [${position.join(', ')}]` : '';
    throw new DataError(
      `${name} is ${data[i]} in sample ${sample ?? 0}${place}; leave that sample out with subset, or replace the value.`,
    );
  }
}

/**
 * Throws unless every label of `y` [...] is a class from 0 to classes − 1.
 * Errors (DataError): the first that is not, with its position.
 *
 * @param name what the message calls the labels, such as the path of their file
 */
export function checkLabels(y: Tensor, { classes, name = 'y' }: { classes: number; name?: string }): void {
  const { data } = y;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= 0 && data[i] < classes && Number.isInteger(data[i])) continue;
    throw new DataError(
      `${name}: label ${data[i]} at position ${i} is outside 0…${classes - 1}; correct it, or leave that sample out.`,
    );
  }
}
