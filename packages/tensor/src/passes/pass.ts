import type { Program, ProgramLaunch } from '../program.js';

/** Whether the backend has a version of its own of the kernel with this name. */
export type HasOwn = (kernel: string) => boolean;

/** A step from program to program that changes how numbers are computed, and never which: every bit stays. */
export interface Pass {
  /** The name by which it is switched off: `NN_SKIP_PASSES=name`. */
  readonly name: string;
  readonly apply: (program: Program, hasOwn: HasOwn) => Program;
}

/** The program with some launches replaced, or taken out where `undefined` stands for them. */
export function withLaunches(program: Program, changes: ReadonlyMap<number, ProgramLaunch | undefined>): Program {
  if (changes.size === 0) return program;
  const launches = program.launches.flatMap((launch, i) => (changes.has(i) ? (changes.get(i) ?? []) : launch));
  return { ...program, launches };
}
