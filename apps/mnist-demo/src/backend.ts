import { currentBackend, referenceBackend, setThreads, useBackend } from '@nn/nn';
import { Failure } from './failure.js';

export interface BackendOptions {
  /** Which kernels to use. Default: the native ones where they load. */
  readonly backend?: 'native' | 'reference';
  /** Threads of the native kernels. Default: their own choice. */
  readonly threads?: number;
}

/** Chooses the kernels for all that follows. Errors (Failure): native kernels asked for that do not load. */
export function chooseBackend({ backend, threads }: BackendOptions): void {
  if (backend === 'reference') useBackend(referenceBackend);
  if (backend === 'native' && currentBackend().name !== 'native')
    throw new Failure(
      'The native kernels do not load here: install a C++ compiler (g++), make and python3, run npm run build, and try ' +
        'again; or use --backend reference.',
    );
  if (threads !== undefined) setThreads(threads);
}
