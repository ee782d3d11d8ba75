import { threads } from '@nn/native-kernels';
import { fill, normal } from '@nn/tensor';

class BadLuck extends Error {
  /** @override */
  name = 'BadLuck';
}

/**
 * Does what its configuration says.
 * @type {import('@nn/nn').TrainOne<string, unknown, { x: import('@nn/tensor').Tensor }>}
 */
export default async (kind, { index, data, signal }) => {
  switch (kind) {
    case 'throw':
      throw new BadLuck(`network ${index} diverged`);
    case 'exit':
      return process.exit(3);
    case 'function':
      return () => 1;
    case 'deaf':
      for (;;) await new Promise((resolve) => setTimeout(resolve, 5));
    case 'heed':
      while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
      return 'ended by itself';
    case 'threads':
      return threads();
    case 'draw':
      return [...normal([3]).data];
    case 'add':
      return { sum: fill([2], data.x.data[0] + 1), nested: [new Map([['x', data.x]])] };
    default:
      return kind;
  }
};
