import { loadNativeBackend, nativeUnavailable } from '@nn/native-kernels';
import { currentBackend, referenceBackend, setThreads, useBackend } from '@nn/nn';
import { Failure } from './failure.js';

/** The kernels that numbers are computed with; they differ in the last bits. */
export type BackendName = 'native' | 'reference';

export interface BackendOptions {
  /** Which kernels to use. Default: the native ones where they load. */
  readonly backend?: BackendName;
  /** Threads of the native kernels. Default: their own choice. */
  readonly threads?: number;
}

/**
 * Chooses the kernels for all that follows, and gives their name.
 * Errors (Failure): native kernels asked for where there are none.
 */
export function chooseBackend({ backend, threads }: BackendOptions): BackendName {
  if (backend === 'reference') useBackend(referenceBackend);
  if (backend === 'native') {
    const native = loadNativeBackend();
    if (!native) {
      const remedy = 'install g++, make and python3 and run npm run build, or leave out --backend native';
      throw new Failure(`There are no native kernels: ${nativeUnavailable()}; ${remedy}.`);
    }
    useBackend(native);
  }
  if (threads !== undefined) setThreads(threads);
  return currentBackend().name as BackendName;
}
