import type { TextStream } from './terminal.js';

/** A mistake of the user's: its message, which says what to do, is all that is shown. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Errors that packages throw for what a user gave them: files, data, settings under which training breaks down. */
const mistakes = new Set(['Failure', 'DataError', 'FileError', 'LossError']);

/**
 * Runs `work` for its status. A user's mistake is explained on `err` in words and has the status 1; any other error is a
 * fault of the program, and is thrown.
 */
export async function explained(err: TextStream, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    const error = thrown instanceof Error && thrown.name === 'CallbackError' ? thrown.cause : thrown;
    if (!(error instanceof Error && isMistake(error))) throw thrown;
    err.write(`${error.message}\n`);
    return 1;
  }
}

const isMistake = ({ name, message }: Error): boolean => mistakes.has(name) || /^NN_[A-Z]+=/.test(message);
