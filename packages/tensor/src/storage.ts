import { type Data, type DType, dtypeOf } from './dtype.js';

let made = 0;

/** How many storages exist so far: every later one has this id or a larger one. */
export const storagesMade = (): number => made;

/** Flat memory that tensors share. */
export class Storage {
  /** Ascending in order of creation. */
  readonly id = made++;
  readonly dtype: DType;
  /** Raised by every launch that changes the data. */
  version = 0;
  /** True while an asynchronous run uses the memory. */
  busy = false;

  constructor(readonly data: Data) {
    this.dtype = dtypeOf(data);
  }

  /** Throws the error for touching memory in use. */
  refuse(who: string): never {
    throw new Error(`${who} touches a tensor that an asynchronous run is still using; await that run first.`);
  }
}
