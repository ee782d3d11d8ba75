/** Data that cannot be used: a file, a value or a download. The message says which, why, and what to do about it. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
