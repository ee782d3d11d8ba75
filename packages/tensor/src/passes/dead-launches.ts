import type { Program, ProgramLaunch } from '../program.js';
import { type Pass, withLaunches } from './pass.js';

/** Takes out launches whose results nobody reads: neither a later launch nor anyone outside the program. */
export const deadLaunches: Pass = {
  name: 'dead-launches',
  apply(program) {
    const { buffers, launches } = program;
    const needed = buffers.map(({ kind }) => kind !== 'temporary');
    const dead = new Map<number, undefined>();
    for (let i = launches.length - 1; i >= 0; i--) {
      const launch = launches[i];
      if (!changes(launch, needed)) {
        dead.set(i, undefined);
        continue;
      }
      markRead(launch, program, needed);
    }
    return withLaunches(program, dead);
  },
};

/** Whether the launch changes a buffer that is needed after it. */
const changes = ({ kernel, buffers }: ProgramLaunch, needed: readonly boolean[]): boolean =>
  buffers.some((buffer, i) => kernel.accesses[i] !== 'read' && needed[buffer]);

/** What it writes whole need not be there before it; what it reads must be. */
function markRead({ kernel, buffers }: ProgramLaunch, program: Program, needed: boolean[]): void {
  buffers.forEach((buffer, i) => {
    if (kernel.accesses[i] === 'write' && program.buffers[buffer].kind === 'temporary') needed[buffer] = false;
  });
  buffers.forEach((buffer, i) => {
    if (kernel.accesses[i] !== 'write') needed[buffer] = true;
  });
}
