import type { Program, ProgramLaunch } from '../program.js';

/** The number of elements that the launch goes over. */
export const countOf = ({ buffers }: Program, { buffers: own }: ProgramLaunch): number =>
  own.reduce((most, buffer) => Math.max(most, buffers[buffer].length), 0);

/**
 * Whether the launch may run on any stretch of its elements by itself: each buffer has one element for each, or one for
 * all that it only reads, and no list among its attributes says otherwise.
 */
export function isElementwise(launch: ProgramLaunch, program: Program): boolean {
  const { kernel, attrs, buffers } = launch;
  if (kernel.over !== 'element') return false;
  const count = countOf(program, launch);
  return (
    kernel.attrNames.every(
      (name) => typeof attrs[name] === 'number' || (attrs[name] as readonly number[]).length === 0,
    ) &&
    buffers.every((buffer, i) => {
      const { length } = program.buffers[buffer];
      return length === count || (length === 1 && kernel.accesses[i] === 'read');
    })
  );
}
