import { allocateUnwritten, currentBackend, dispatch, type Launch } from './backend.js';
import { type Data, type DType, viewOf } from './dtype.js';
import type { Attributes, Kernel } from './kernel.js';
import { optimize } from './passes/index.js';
import { type MemoryPlan, planMemory } from './passes/plan-memory.js';
import { Storage } from './storage.js';

/**
 * Where a buffer's memory comes from: bound on every run (`input`, `result`), memory that lives outside the program
 * (`external`), or a place in the arena (`temporary`).
 */
export type BufferKind = 'input' | 'external' | 'temporary' | 'result';

export interface ProgramBuffer {
  readonly kind: BufferKind;
  readonly dtype: DType;
  /** Number of elements. */
  readonly length: number;
  /** The memory of an external buffer. */
  readonly storage?: Storage;
}

export interface ProgramLaunch {
  readonly kernel: Kernel;
  /** Indices into the program's buffers, in the kernel's declared order. */
  readonly buffers: readonly number[];
  readonly attrs: Attributes;
  readonly path: string;
  /** The region of tiles that it belongs to; undefined where it runs alone. */
  readonly tiling?: Tiling;
}

/**
 * Neighbouring launches of one region may run at the same time, tile by tile; those of one chain in their order on each tile.
 * Running launch after launch gives the same.
 */
export interface Tiling {
  readonly region: number;
  readonly chain: number;
}

/** A recorded step: a flat list of launches over buffers. */
export interface Program {
  readonly buffers: readonly ProgramBuffer[];
  readonly launches: readonly ProgramLaunch[];
  /** The buffers bound to the arguments of a run, in order. */
  readonly inputs: readonly number[];
  /** The buffers bound to fresh memory for the results, in order. */
  readonly results: readonly number[];
  /** What the backend may arrange its own way when it compiles. Default: nothing. */
  readonly arrangement?: {
    /** Temporaries that only its own kernels touch may lie in memory as these like. */
    readonly lanes?: boolean;
    /** Launches that work sample by sample may run together, some samples after others. */
    readonly blocks?: boolean;
  };
}

/**
 * A program made ready to run. `inputs` and `results` are the arrays to bind, in the program's order. `times` has room for
 * two numbers a launch of `program`: when it began, on the clock of `performance.now()`, and how long it took, both in ns.
 */
export interface Compiled {
  /** What runs, after all passes; absent where `times` are not kept: profiles then replay it launch by launch. */
  readonly program?: Program;
  run(inputs: readonly Data[], results: readonly Data[], times?: Float64Array): void;
  /** The same off the event loop, where the backend can. */
  runAsync?(inputs: readonly Data[], results: readonly Data[], times?: Float64Array): Promise<void>;
}

/** Makes `program` ready on the present backend, after the passes of `passes/`. */
export function compile(program: Program): Compiled {
  const backend = currentBackend();
  const optimized = optimize(program, (kernel) => backend.hasOwn?.(kernel) ?? false);
  return backend.compile?.(optimized) ?? interpret(optimized, (launch) => backend.launch(launch));
}

/** Every buffer as memory: arena views for temporaries, their storage for externals, undefined for what a run binds or nothing uses. */
export function placeBuffers(program: Program, plan: MemoryPlan = planMemory(program)): (Storage | undefined)[] {
  const arena = new ArrayBuffer(plan.bytes);
  return program.buffers.map(({ kind, dtype, length, storage }, i) => {
    if (kind === 'external') return storage;
    if (kind === 'temporary' && plan.offsets[i] >= 0) return new Storage(viewOf(dtype, arena, plan.offsets[i], length));
    return undefined;
  });
}

/** Runs a program launch by launch: on a backend that compiles nothing, and wherever each launch is to be seen. */
export function interpret(program: Program, launch: (launch: Launch) => void): Compiled {
  const placed = placeBuffers(program);
  return {
    program,
    run(inputs, results, times) {
      const storages = [...placed];
      program.inputs.forEach((buffer, i) => {
        storages[buffer] = new Storage(inputs[i]);
      });
      program.results.forEach((buffer, i) => {
        storages[buffer] = new Storage(results[i]);
      });
      program.launches.forEach(({ kernel, buffers, attrs, path }, i) => {
        const run = () =>
          launch({ kernel, storages: buffers.map((buffer) => storages[buffer] as Storage), attrs, path });
        if (times) timeLaunch(times, i, run);
        else run();
      });
    },
  };
}

/** Runs launch `i` of a program and notes its times. */
export function timeLaunch(times: Float64Array, i: number, run: () => void): void {
  const start = performance.now();
  run();
  times[2 * i] = start * 1e6;
  times[2 * i + 1] = (performance.now() - start) * 1e6;
}

/** Runs a program through the door, so that whatever watches it sees every launch. */
export const interpretAtDoor = (program: Program): Compiled => ({ run: interpret(program, dispatch).run });

/** Fresh arrays for the results of a run. */
export const allocateResults = ({ buffers, results }: Program): Data[] =>
  results.map((i) => allocateUnwritten(buffers[i].dtype, buffers[i].length));
