/** A mistake of the user's: its message, which says what to do, is all that is shown. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Errors that packages throw for what a user gave them: files, data, options. */
const mistakes = new Set(['Failure', 'DataError', 'FileError']);

/** The message for a mistake of the user's; undefined for any other error, which is a fault of the program. */
export function explain(error: unknown): string | undefined {
  return error instanceof Error && mistakes.has(error.name) ? error.message : undefined;
}
