import type { Program, ProgramLaunch } from '../program.js';
import { countOf } from './elementwise.js';
import type { Pass } from './pass.js';

/** The most elements that wait, all the run long, for who reads them. */
const most = 4096;

/**
 * Moves small launches that always write the same to the front, such as the zeros of a missing bias, as they would stand
 * between launches that otherwise run together.
 */
export const earlyConstants: Pass = {
  name: 'early-constants',
  apply(program) {
    const early = program.launches.filter((launch) => isConstant(launch, program));
    if (early.length === 0) return program;
    return { ...program, launches: [...early, ...program.launches.filter((launch) => !early.includes(launch))] };
  },
};

/** Whether the launch reads what no run changes, if anything, and alone writes what it writes. */
function isConstant(launch: ProgramLaunch, program: Program): boolean {
  const { kernel, buffers } = launch;
  return (
    countOf(program, launch) <= most &&
    kernel.accesses.some((access) => access === 'write') &&
    kernel.accesses.every((access, i) =>
      access === 'read'
        ? program.buffers[buffers[i]].kind === 'external' && !isChanged(buffers[i], program, undefined)
        : access === 'write' &&
          program.buffers[buffers[i]].kind === 'temporary' &&
          !isChanged(buffers[i], program, launch),
    )
  );
}

/** Whether a launch other than `maker` changes the buffer. */
const isChanged = (buffer: number, { launches }: Program, maker: ProgramLaunch | undefined): boolean =>
  launches.some(
    (launch) => launch !== maker && launch.buffers.some((b, i) => b === buffer && launch.kernel.accesses[i] !== 'read'),
  );
