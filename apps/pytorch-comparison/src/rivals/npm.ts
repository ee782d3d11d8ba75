import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError, type Contestant, type Result, type Task, type Work } from '../contestant.js';
import { AbsentRival, type TitledRival } from './absent.js';
import { Peer, type PeerContestant, PeerError } from './peer.js';

/** A JavaScript framework that is installed beside this repository, not with it. */
export interface NpmFramework {
  readonly framework: string;
  /** What to install, with versions: `@scope/name@1.2.3`. */
  readonly packages: readonly string[];
  /** The script that answers a `Peer`; the folder of the packages is its only parameter. */
  readonly script: string;
  /** What its way to do the work is called, and on how many threads it runs. */
  readonly way: string;
  readonly threads: number;
}

/** The folder that is looked into where none is named. */
export const defaultFolder = '.rivals';

/** Seconds of steps that it may take for a workload, and that an answer may take. */
const patience = 4;
const answerSeconds = 30;

/** The framework, a process a workload. Errors (AbsentRival): it is not installed in the folder, or does not start. */
export async function npmRival(about: NpmFramework, { folder }: { readonly folder: string }): Promise<TitledRival> {
  const missing = about.packages.some(
    (name) => !existsSync(join(folder, 'node_modules', nameOf(name), 'package.json')),
  );
  if (missing) throw new AbsentRival(adviceOf(about, folder));
  const peer = start(about, folder);
  try {
    const { version } = (await answered(peer.ask({ hello: true }))) as { readonly version: string };
    return {
      framework: about.framework,
      title: `${about.framework} ${version}`,
      open: async (task) => [contestantOf(about, folder, task)],
      close() {},
    };
  } catch (error) {
    throw error instanceof CannotError
      ? new AbsentRival(`${about.framework} does not start: ${error.message}\n${adviceOf(about, folder)}`)
      : error;
  } finally {
    peer.kill();
  }
}

const start = ({ script }: NpmFramework, folder: string): Peer => new Peer(process.execPath, [script, folder]);

/** Its work in a process that begins with the first step, so that whatever goes wrong is said of the workload. */
function contestantOf(about: NpmFramework, folder: string, { workload, folder: data }: Task): Contestant {
  const { framework, way, threads } = about;
  const assignment = { folder: data, task: workload.task, network: workload.network };
  let started: { readonly peer: Peer; readonly opened: Promise<PeerContestant> } | undefined;
  return {
    framework,
    variant: `${way} ${threads}`,
    patience,
    async run(work: Work) {
      if (!started) {
        const peer = start(about, folder);
        started = { peer, opened: peer.open({ framework, way, threads }, assignment) };
      }
      const { opened } = started;
      return answered(opened.then((contestant) => contestant.run(work))) as Promise<Result>;
    },
    async close() {
      started?.peer.kill();
    },
  };
}

/** The answer. Errors (CannotError): it says that it cannot, it ended, or it takes too long. */
async function answered(answer: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const reason = `no answer within ${answerSeconds} s`;
    timer = setTimeout(() => reject(new CannotError(reason)), 1000 * answerSeconds);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw error instanceof PeerError ? new CannotError(lastLine(error.message)) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Of a stack, the line that says what went wrong. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() && !/^\s+at |^Node\.js v/.test(line));
  return lines.at(-1)?.trim() ?? 'its process ended';
}

/** `@scope/name` of `@scope/name@1.2.3`. */
const nameOf = (installed: string): string => installed.slice(0, installed.lastIndexOf('@'));

const adviceOf = ({ framework, packages }: NpmFramework, folder: string): string =>
  `${framework} is not in ${folder}. Install it with: npm install --prefix ${folder} ${packages.join(' ')}\n` +
  'or name another folder by --rivals-folder.';
