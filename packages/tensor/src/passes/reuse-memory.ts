import { isElementwise } from './elementwise.js';
import type { Pass } from './pass.js';
import { isMadeBy, usesOf } from './uses.js';

/** An elementwise launch writes over what it reads, where nobody reads that again: less memory, and what is in cache stays there. */
export const reuseMemory: Pass = {
  name: 'reuse-memory',
  apply(program) {
    const { buffers, launches } = program;
    const uses = usesOf(program);
    /** The buffer whose place each buffer takes. */
    const places = buffers.map((_, i) => i);
    const isTemporary = (buffer: number) => buffers[buffer].kind === 'temporary';
    launches.forEach((launch, i) => {
      if (!isElementwise(launch, program)) return;
      launch.buffers.forEach((y, position) => {
        if (launch.kernel.accesses[position] !== 'write' || !isTemporary(y) || !isMadeBy(uses[y], i)) return;
        const free = launch.buffers.find(
          (x, j) =>
            launch.kernel.accesses[j] === 'read' &&
            isTemporary(x) &&
            buffers[x].dtype === buffers[y].dtype &&
            buffers[x].length === buffers[y].length &&
            uses[x][uses[x].length - 1].launch === i &&
            !launch.buffers.some((other) => other !== x && places[other] === places[x]),
        );
        if (free !== undefined) places[y] = places[free];
      });
    });
    return {
      ...program,
      launches: launches.map((launch) => ({ ...launch, buffers: launch.buffers.map((buffer) => places[buffer]) })),
    };
  },
};
