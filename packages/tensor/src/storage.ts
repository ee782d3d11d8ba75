import { type Data, type DType, dtypeOf } from './dtype.js';

let made = 0;

/** How many storages exist so far: every later one has this id or a larger one. */
export const storagesMade = (): number => made;

/** Bars the memory that an asynchronous run uses. */
export const inUse = 'that an asynchronous run is still using; await that run first.';

/** Bars the memory that a recorded step writes: its launches are kept, not run. */
export const onlyRecorded =
  'that a captured step wrote while it was recorded, so its numbers are not there. Return it from the step; make what ' +
  'outlives the step before it, or with persistent(() => …) from nothing that the step has written.';

/** Flat memory that tensors share. */
export class Storage {
  /** Ascending in order of creation. */
  readonly id = made++;
  readonly dtype: DType;
  /** Raised by every launch that changes the data. */
  version = 0;
  /** Why the memory must not be touched now, as the end of a sentence on its tensor; undefined while it may be. */
  barred: string | undefined;

  constructor(readonly data: Data) {
    this.dtype = dtypeOf(data);
  }

  /** Errors: the memory is barred, and `who` would touch it. */
  checkFree(who: string): void {
    if (this.barred !== undefined) throw new Error(`${who} touches a tensor ${this.barred}`);
  }
}
