import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Result, Work } from '../contestant.js';
import type { PeerAssignment } from '../rivals/peer.js';

/** A framework in this process. */
export interface Library {
  readonly version: string;
  /** Errors: it cannot do this work; the message says why. */
  open(assignment: PeerAssignment): Promise<Opened>;
}

/** Work that is ready to be done. Errors: as above. */
export type Opened = (work: Work) => Promise<Result>;

type Command =
  | { readonly hello: true }
  | ({ readonly open: number } & PeerAssignment)
  | ({ readonly run: number } & Work)
  | { readonly close: number };

/**
 * A JavaScript framework's side of `Peer`: reads a command a line (JSON), answers each with a line, as `peers/pytorch/main.py`
 * does; what it cannot do is answered by `{ cannot: reason }`.
 */
export async function serve(
  load: () => Promise<Library>,
  { input, output }: { readonly input: Readable; readonly output: Writable } = {
    input: process.stdin,
    output: process.stdout,
  },
): Promise<void> {
  const opened = new Map<number, Opened>();
  const library = load();
  library.catch(() => {});
  const answer = async (command: Command): Promise<object> => {
    if ('open' in command) opened.set(command.open, await (await library).open(command));
    else if ('run' in command) return knownIn(opened, command.run)(command);
    else if ('close' in command) opened.delete(command.close);
    else return { version: (await library).version };
    return {};
  };
  for await (const line of createInterface({ input })) {
    const given = await answer(JSON.parse(line) as Command).catch((error: unknown) => ({ cannot: reasonOf(error) }));
    output.write(`${JSON.stringify(given)}\n`);
  }
}

function knownIn(opened: ReadonlyMap<number, Opened>, id: number): Opened {
  const found = opened.get(id);
  if (!found) throw new RangeError(`Nothing is open under ${id}.`);
  return found;
}

/** The first line of what went wrong. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];
