import type { Program, ProgramLaunch } from '../program.js';
import { countOf } from './elementwise.js';
import type { Pass } from './pass.js';
import { isFinalAfter, isMadeBy, type Use, usesOf } from './uses.js';

/** The most elements that wait, all the run long, for who reads them. */
const most = 4096;

/**
 * Moves small launches that always write the same to the front, such as the zeros of a missing bias, as they would stand
 * between launches that otherwise run together.
 */
export const earlyConstants: Pass = {
  name: 'early-constants',
  apply(program) {
    const uses = usesOf(program);
    const constant = program.launches.map((launch, i) => isConstant(launch, i, program, uses));
    return {
      ...program,
      launches: [...program.launches.filter((_, i) => constant[i]), ...program.launches.filter((_, i) => !constant[i])],
    };
  },
};

/** Whether launch `index` reads what no run changes, if anything, and alone writes what it writes. */
function isConstant(
  launch: ProgramLaunch,
  index: number,
  program: Program,
  uses: readonly (readonly Use[])[],
): boolean {
  const { kernel, buffers } = launch;
  return (
    countOf(program, launch) <= most &&
    kernel.accesses.includes('write') &&
    kernel.accesses.every((access, i) => {
      const { kind } = program.buffers[buffers[i]];
      const own = uses[buffers[i]];
      if (access === 'read') return kind === 'external' && own.every((use) => use.access === 'read');
      return access === 'write' && kind === 'temporary' && isMadeBy(own, index) && isFinalAfter(own, index);
    })
  );
}
