import type { Program } from './program.js';
import type { Storage } from './storage.js';

/** True where two programs do the same; `same` says which memory from outside counts as the same. */
export function sameProgram(a: Program, b: Program, same: (a: Storage, b: Storage) => boolean): boolean {
  return (
    sameNumbers(a.inputs, b.inputs) &&
    sameNumbers(a.results, b.results) &&
    sameItems(
      a.buffers,
      b.buffers,
      (a, b) =>
        a.kind === b.kind &&
        a.dtype === b.dtype &&
        a.length === b.length &&
        (a.storage === b.storage || (a.storage !== undefined && b.storage !== undefined && same(a.storage, b.storage))),
    ) &&
    sameItems(
      a.launches,
      b.launches,
      (a, b) =>
        a.kernel === b.kernel &&
        a.path === b.path &&
        sameNumbers(a.buffers, b.buffers) &&
        a.kernel.attrNames.every((name) => sameNumbers([a.attrs[name]].flat(), [b.attrs[name]].flat())),
    )
  );
}

const sameNumbers = (a: readonly number[], b: readonly number[]) => sameItems(a, b, Object.is);

const sameItems = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((item, i) => same(item, b[i]));
