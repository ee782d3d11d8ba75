import { sameBits } from './dtype.js';
import type { Program, ProgramBuffer, ProgramLaunch } from './program.js';
import type { Storage } from './storage.js';

/** Whether two pieces of memory from outside count as the same. */
type SameStorage = (a: Storage, b: Storage) => boolean;

/** True where two programs do the same. */
export function sameProgram(a: Program, b: Program, sameStorage: SameStorage): boolean {
  return (
    sameBits(a.inputs, b.inputs) &&
    sameBits(a.results, b.results) &&
    a.buffers.length === b.buffers.length &&
    a.buffers.every((buffer, i) => sameBuffer(buffer, b.buffers[i], sameStorage)) &&
    a.launches.length === b.launches.length &&
    a.launches.every((launch, i) => sameLaunch(launch, b.launches[i]))
  );
}

function sameBuffer(a: ProgramBuffer, b: ProgramBuffer, sameStorage: SameStorage): boolean {
  if (a.kind !== b.kind || a.dtype !== b.dtype || a.length !== b.length) return false;
  return !a.storage || !b.storage || sameStorage(a.storage, b.storage);
}

function sameLaunch(a: ProgramLaunch, b: ProgramLaunch): boolean {
  if (a.kernel !== b.kernel || a.path !== b.path || !sameBits(a.buffers, b.buffers)) return false;
  return a.kernel.attrNames.every((name) => sameBits([a.attrs[name]].flat(), [b.attrs[name]].flat()));
}
