import type { Program } from '../program.js';
import { blocks, lanes } from './arrange.js';
import { deadLaunches } from './dead-launches.js';
import { earlyConstants } from './early-constants.js';
import { foldActivations } from './fold-activations.js';
import { foldPooling } from './fold-pooling.js';
import type { HasOwn, Pass } from './pass.js';
import { reuseMemory } from './reuse-memory.js';
import { tileElementwise } from './tile-elementwise.js';

/** What happens to a program before it is compiled, in this order. The result is the same to the bit with any of them left out. */
export const passes: readonly Pass[] = [
  deadLaunches,
  earlyConstants,
  foldActivations,
  foldPooling,
  reuseMemory,
  tileElementwise,
  lanes,
  blocks,
];

let skipped: ReadonlySet<string> = new Set();

/**
 * Leaves passes out of everything compiled from now on, to find the one to blame; `all` leaves out all of them, and no
 * names none. Errors: a name that no pass has.
 */
export function skipPasses(names: readonly string[]): void {
  const known = passes.map(({ name }) => name);
  const unknown = names.filter((name) => name !== 'all' && !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`There is no pass ${unknown.join(', ')}; there are ${known.join(', ')}, and all.`);
  skipped = new Set(names.includes('all') ? known : names);
}

/**
 * The program after all passes that are not left out, for a backend that has its own version of some kernels. One kernel
 * takes the place of others only where the backend has all of them or none, as its versions differ from the references in
 * the last bits.
 */
export const optimize = (program: Program, hasOwn: HasOwn): Program =>
  passes.reduce((result, { name, apply }) => (skipped.has(name) ? result : apply(result, hasOwn)), program);
