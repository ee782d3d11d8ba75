import { loadNativeBackend, nativeUnavailable } from '@nn/native-kernels';
import { referenceBackend, setThreads, useBackend } from '@nn/nn';
import { Failure } from './failure.js';

export interface BackendOptions {
  /** Which kernels to use. Default: the native ones where they load. */
  readonly backend?: 'native' | 'reference';
  /** Threads of the native kernels. Default: their own choice. */
  readonly threads?: number;
}

/** Chooses the kernels for all that follows. Errors (Failure): native kernels asked for where there are none. */
export function chooseBackend({ backend, threads }: BackendOptions): void {
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
}
