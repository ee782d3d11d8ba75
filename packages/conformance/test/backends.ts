import { loadNativeBackend, nativeUnavailable, setThreads } from '@nn/native-kernels';
import { type Backend, type Program, referenceBackend } from '@nn/tensor';
import type { BackendUnderTest } from '@nn/testing';

/** Numbers of threads (native·2 is the backend with two) that must give the same bits: one, even, odd, and more than there are cores. */
const threadCounts = [1, 2, 3, 8];

function withThreads(backend: Backend, count: number): Backend {
  return {
    name: `${backend.name}·${count}`,
    launch(launch) {
      setThreads(count);
      backend.launch(launch);
    },
    hasOwn: (kernel) => backend.hasOwn?.(kernel) ?? false,
    compile(program: Program) {
      const compiled = backend.compile?.(program);
      if (!compiled) throw new Error(`The backend ${backend.name} compiles no programs.`);
      return {
        run(inputs, results) {
          setThreads(count);
          compiled.run(inputs, results);
        },
      };
    },
  };
}

const native = loadNativeBackend();
if (!native) console.warn(`The native kernels are not tested: ${nativeUnavailable()}.`);

/** Every backend of this repository that runs here; the native one with several numbers of threads. */
export const backends: readonly BackendUnderTest[] = [
  referenceBackend,
  ...(native ? [threadCounts.map((count) => withThreads(native, count))] : []),
];
