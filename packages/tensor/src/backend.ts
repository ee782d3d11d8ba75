import type { Limits } from './debug/cost.js';
import { allocate, type Data, type DType } from './dtype.js';
import type { Attributes, Kernel } from './kernel.js';
import type { Compiled, Program } from './program.js';
import type { Storage } from './storage.js';

/** One kernel, its buffers and its static numbers: everything that computes passes through `dispatch` as one of these. */
export interface Launch {
  readonly kernel: Kernel;
  /** Buffers in the kernel's declared order. */
  readonly storages: readonly Storage[];
  readonly attrs: Attributes;
  /** The layer that asked for it, such as `trunk.2`; empty outside any layer. */
  readonly path: string;
}

export interface Backend {
  readonly name: string;
  /** Runs one launch; a kernel that the backend does not know runs its reference. */
  launch(launch: Launch): void;
  /** Whether it has a version of its own of the kernel with this name. Default: of none. */
  hasOwn?(kernel: string): boolean;
  /** An array of any content, for a kernel to write. Default: a new typed array. */
  allocate?(dtype: DType, length: number): Data;
  /** Turns a recorded program into something faster than launching one by one. */
  compile?(program: Program): Compiled;
  /** What the machine can do at most with this backend, measured once: the yardstick of profiles. */
  limits?(): Limits;
}

/** Plain TypeScript loops: the meaning of every kernel, on every platform. */
export const referenceBackend: Backend = {
  name: 'reference',
  launch: ({ kernel, storages, attrs }) =>
    kernel.reference(
      storages.map((storage) => storage.data),
      attrs,
    ),
};

let active: Backend = referenceBackend;

/** The backend that launches run on. */
export const currentBackend = (): Backend => active;

/** Chooses the backend for everything that follows. */
export function useBackend(backend: Backend): void {
  active = backend;
}

/** Runs `work` on another backend, then returns to the present one. */
export function withBackend<T>(backend: Backend, work: () => T): T {
  const previous = active;
  active = backend;
  try {
    return work();
  } finally {
    active = previous;
  }
}

/** An array of any content, where the backend likes arrays to be. */
export const allocateUnwritten = (dtype: DType, length: number): Data =>
  active.allocate ? active.allocate(dtype, length) : allocate(dtype, length);

/** Stands at the door: sees each launch, and runs it by calling `run`. */
export type Tap = (launch: Launch, run: () => void) => void;

export interface TapOptions {
  /** False where captured steps may stay compiled, so that their launches do not pass the door. Default true. */
  readonly replays?: boolean;
}

const taps: Tap[] = [];
const replayTaps = new Set<Tap>();

/** Puts a tap at the door; the result takes it away again. The last one attached is the outermost. */
export function attach(tap: Tap, { replays = true }: TapOptions = {}): () => void {
  taps.push(tap);
  if (replays) replayTaps.add(tap);
  return () => {
    const index = taps.indexOf(tap);
    if (index >= 0) taps.splice(index, 1);
    replayTaps.delete(tap);
  };
}

/** True while something at the door wants to see replays; programs are then replayed launch by launch. */
export const watched = (): boolean => replayTaps.size > 0;

/**
 * The one door. Every number is computed by a launch that passes here.
 * Errors: a storage that is barred, such as one that an asynchronous run uses; whatever the kernel refuses.
 */
export function dispatch(launch: Launch): void {
  if (taps.length === 0) run(launch);
  else passTaps(launch, taps.length - 1);
  raiseVersions(launch.kernel, launch.storages);
}

function passTaps(launch: Launch, index: number): void {
  if (index < 0) run(launch);
  else taps[index](launch, () => passTaps(launch, index - 1));
}

function run(launch: Launch): void {
  const { storages } = launch;
  for (let i = 0; i < storages.length; i++) {
    if (storages[i].barred !== undefined) storages[i].checkFree(`kernel "${launch.kernel.name}"`);
  }
  active.launch(launch);
}

/** Marks what a launch has changed, so that a backward which needs the old value can tell. */
function raiseVersions(kernel: Kernel, storages: readonly Storage[]): void {
  for (let i = 0; i < storages.length; i++) if (kernel.accesses[i] !== 'read') storages[i].version++;
}
