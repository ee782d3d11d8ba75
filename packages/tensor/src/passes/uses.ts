import type { Access } from '../kernel.js';
import type { Program } from '../program.js';

/** A place where a launch takes a buffer. */
export interface Use {
  /** Index of the launch. */
  readonly launch: number;
  readonly access: Access;
}

/** Every use of each buffer, in the order of the launches. */
export function usesOf({ buffers, launches }: Program): readonly (readonly Use[])[] {
  const uses = buffers.map((): Use[] => []);
  launches.forEach(({ kernel, buffers: own }, launch) => {
    own.forEach((buffer, position) => {
      uses[buffer].push({ launch, access: kernel.accesses[position] });
    });
  });
  return uses;
}

/** Whether launch `launch` writes the buffer whole and nothing touches it before. */
export const isMadeBy = (uses: readonly Use[], launch: number): boolean =>
  uses[0].launch === launch && uses[0].access === 'write';

/** Whether nothing changes the buffer once launch `launch` has. */
export const isFinalAfter = (uses: readonly Use[], launch: number): boolean =>
  uses.every((use) => use.access === 'read' || use.launch <= launch);
