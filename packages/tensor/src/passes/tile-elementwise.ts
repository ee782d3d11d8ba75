import type { Program, ProgramLaunch, Tiling } from '../program.js';
import { countOf, isElementwise } from './elementwise.js';
import type { Pass } from './pass.js';

/** Launches that run one after another on each tile, since they hand each other its elements. */
interface Chain {
  readonly count: number;
  readonly launches: ProgramLaunch[];
  readonly reads: Set<number>;
  readonly changes: Set<number>;
}

/**
 * Elementwise launches that follow one another run together, split into tiles that stay in cache: chains, each launch of
 * which goes on with what the one before left, and beside them whatever depends on none, such as the updates of all
 * parameters. One region of work for the threads takes the place of one a launch.
 */
export const tileElementwise: Pass = {
  name: 'tile-elementwise',
  apply(program) {
    const launches: ProgramLaunch[] = [];
    let region: Chain[] = [];
    let regions = 0;
    const close = () => {
      if (region.reduce((count, chain) => count + chain.launches.length, 0) > 1) {
        regions++;
        region.forEach((chain, i) => {
          const tiling: Tiling = { region: regions, chain: i };
          for (const launch of chain.launches) launches.push({ ...launch, tiling });
        });
      } else {
        for (const chain of region) launches.push(...chain.launches);
      }
      region = [];
    };
    for (const launch of program.launches) {
      if (!isElementwise(launch, program)) {
        close();
        launches.push(launch);
        continue;
      }
      const joined = join(region, launch, program);
      if (!joined) close();
      region = joined ?? [chainOf(launch, program)];
    }
    close();
    return { ...program, launches };
  },
};

function chainOf(launch: ProgramLaunch, program: Program): Chain {
  const { kernel, buffers } = launch;
  return {
    count: countOf(program, launch),
    launches: [launch],
    reads: new Set(buffers.filter((_, i) => kernel.accesses[i] !== 'write')),
    changes: new Set(buffers.filter((_, i) => kernel.accesses[i] !== 'read')),
  };
}

/** The region with the launch in it; undefined where it must wait for the region to end. */
function join(region: readonly Chain[], launch: ProgramLaunch, program: Program): Chain[] | undefined {
  const own = chainOf(launch, program);
  const rivals = region.filter((chain) => sharedBuffers(chain, own).length > 0);
  const inStep = rivals.every(
    (chain) =>
      chain.count === own.count && sharedBuffers(chain, own).every((b) => program.buffers[b].length === own.count),
  );
  if (!inStep) return undefined;
  const merged = [...rivals, own].reduce(merge);
  return [...region.filter((chain) => !rivals.includes(chain)), merged];
}

/** What one of the two changes and the other touches. */
const sharedBuffers = (a: Chain, b: Chain): number[] =>
  [...a.changes, ...b.changes].filter(
    (i) => (a.changes.has(i) || a.reads.has(i)) && (b.changes.has(i) || b.reads.has(i)),
  );

const merge = (a: Chain, b: Chain): Chain => ({
  count: a.count,
  launches: [...a.launches, ...b.launches],
  reads: new Set([...a.reads, ...b.reads]),
  changes: new Set([...a.changes, ...b.changes]),
});
