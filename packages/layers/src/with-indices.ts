import { inLayer } from '@nn/tensor';

/** Runs `work`; an index that is out of range is said to be the layer's, which could have more `things`. */
export function withIndices<T>(kind: string, things: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const remedy = `correct the indices, or give the layer more ${things}`;
    throw new RangeError(`${kind}${inLayer()}: ${error.message}; ${remedy}.`, { cause: error });
  }
}
