import { currentBackend, dispatch, type Launch } from './backend.js';
import { allocate, type Data, type DType, viewOf } from './dtype.js';
import type { Attributes, Kernel } from './kernel.js';
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
}

/** A recorded step: a flat list of launches over buffers. */
export interface Program {
  readonly buffers: readonly ProgramBuffer[];
  readonly launches: readonly ProgramLaunch[];
  /** The buffers bound to the arguments of a run, in order. */
  readonly inputs: readonly number[];
  /** The buffers bound to fresh memory for the results, in order. */
  readonly results: readonly number[];
}

/** A program made ready to run. `inputs` and `results` are the arrays to bind, in the program's order. */
export interface Compiled {
  run(inputs: readonly Data[], results: readonly Data[]): void;
  /** The same off the event loop, where the backend can. */
  runAsync?(inputs: readonly Data[], results: readonly Data[]): Promise<void>;
}

/** Makes `program` ready on the present backend. */
export function compile(program: Program): Compiled {
  const backend = currentBackend();
  return backend.compile?.(program) ?? interpret(program, (launch) => backend.launch(launch));
}

/** Every buffer as memory: arena views for temporaries, their storage for externals, undefined for what a run binds. */
export function placeBuffers(program: Program, plan: MemoryPlan = planMemory(program)): (Storage | undefined)[] {
  const arena = new ArrayBuffer(plan.bytes);
  return program.buffers.map(({ kind, dtype, length, storage }, i) => {
    if (kind === 'external') return storage;
    if (kind === 'temporary') return new Storage(viewOf(dtype, arena, plan.offsets[i], length));
    return undefined;
  });
}

/** Runs a program launch by launch: on a backend that compiles nothing, and wherever each launch is to be seen. */
export function interpret(program: Program, launch: (launch: Launch) => void): Compiled {
  const placed = placeBuffers(program);
  return {
    run(inputs, results) {
      const storages = [...placed];
      program.inputs.forEach((buffer, i) => {
        storages[buffer] = new Storage(inputs[i]);
      });
      program.results.forEach((buffer, i) => {
        storages[buffer] = new Storage(results[i]);
      });
      for (const { kernel, buffers, attrs, path } of program.launches)
        launch({ kernel, storages: buffers.map((i) => storages[i] as Storage), attrs, path });
    },
  };
}

/** Runs a program through the door, so that whatever watches it sees every launch. */
export const interpretAtDoor = (program: Program): Compiled => interpret(program, dispatch);

/** Fresh arrays for the results of a run. */
export const allocateResults = ({ buffers, results }: Program): Data[] =>
  results.map((i) => allocate(buffers[i].dtype, buffers[i].length));
