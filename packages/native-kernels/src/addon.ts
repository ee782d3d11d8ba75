import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Access, Data, DType } from '@nn/tensor';

/** A kernel as the C++ library describes it. Its position in the list is its number. */
export interface NativeKernel {
  readonly name: string;
  readonly buffers: readonly { readonly name: string; readonly access: Access; readonly dtype: DType }[];
  readonly attributes: readonly { readonly name: string; readonly list: boolean }[];
}

/**
 * A compiled program. Arguments: inputs and results in the order of their positions, then, to time each launch, an array for
 * when it began, in ns since the call, and how long it took. Errors carry the launch's position.
 */
interface NativeProgram {
  run(...args: Data[]): void;
  runAsync(...args: Data[]): Promise<void>;
}

/** The C++ library. */
export interface Addon {
  /** Where a launch finds its attributes: numbers as themselves, lists as their count and their items. */
  readonly attributes: Float64Array;
  /** `baseline`, `avx2` or `avx512`. */
  readonly instructionSet: string;
  kernels(): NativeKernel[];
  launch(kernel: number, ...buffers: Data[]): void;
  program(code: Float64Array, arena: Uint8Array, externals: readonly Data[]): NativeProgram;
  /** How many bytes the array's memory lies after a multiple of 64. */
  misalignment(array: Data): number;
  setThreads(count?: number): number;
  /** Floating-point operations a second, then for each working set its bytes, and bytes a second; takes a fifth of a second. */
  limits(): Float64Array;
}

type Loaded = { readonly addon: Addon } | { readonly reason: string };

let loaded: Loaded | undefined;

/**
 * The library, or why there is none: nobody built or shipped a binary for this platform. Loaded once.
 * Errors: a binary that is there and does not load; NN_THREADS or NN_ISA with a value that they do not take.
 */
export function loadAddon(): Loaded {
  loaded ??= load();
  return loaded;
}

function load(): Loaded {
  checkEnvironment();
  const require = createRequire(import.meta.url);
  const find: { path(root: string): string } = require('node-gyp-build');
  let file: string;
  try {
    file = find.path(dirname(dirname(fileURLToPath(import.meta.url))));
  } catch {
    return { reason: `there is no binary of @nn/native-kernels for ${process.platform} ${process.arch}` };
  }
  const addon = open(file);
  const { NN_ISA: isa } = process.env;
  if (isa !== undefined && isa !== addon.instructionSet)
    throw new RangeError(`NN_ISA=${isa}, but this processor has only ${addon.instructionSet}; leave NN_ISA out.`);
  return { addon };

  function open(path: string): Addon {
    try {
      return require(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const remedy = 'Set NN_BACKEND=reference to use the TypeScript kernels; in a clone, build them again';
      throw new Error(`The native kernels in ${path} do not load: ${reason}. ${remedy}.`, { cause: error });
    }
  }
}

function checkEnvironment(): void {
  const { NN_THREADS: threads, NN_ISA: isa } = process.env;
  if (threads !== undefined && !(/^\d+$/.test(threads) && Number(threads) >= 1 && Number(threads) <= 256))
    throw new RangeError(`NN_THREADS=${threads} is not understood; use a whole number from 1 to 256.`);
  if (isa !== undefined && !['baseline', 'avx2', 'avx512'].includes(isa))
    throw new RangeError(`NN_ISA=${isa} is not understood; use baseline, avx2 or avx512.`);
}
