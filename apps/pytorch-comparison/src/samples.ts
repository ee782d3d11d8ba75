import { mnist, reshape, type Tensor, xor } from '@nn/nn';
import type { Network } from './networks.js';

/** Samples `x`, and their targets `y` unless they are their own. */
export type SampleArrays = readonly (readonly ['x' | 'y', Tensor])[];

const count = 4096;

/** The samples that a network learns from: the corners of XOR, or the first images of MNIST, pixels 0…1. */
export async function samplesOf({ samples, input }: Network): Promise<SampleArrays> {
  if (samples === 'xor') {
    const { x, y } = xor({ target: 'value' }).batch(Int32Array.of(0, 1, 2, 3));
    return [
      ['x', x],
      ['y', y],
    ];
  }
  const images = await mnist({ split: 'train' });
  const { x, y } = images.batch(Int32Array.from({ length: count }, (_, i) => i));
  const shaped = ['x', reshape(x, [count, ...input])] as const;
  return samples === 'images' ? [shaped] : [shaped, ['y', y]];
}
