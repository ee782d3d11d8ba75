import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CannotError, type Contestant, type Result } from '../contestant.js';
import type { Network } from '../networks.js';
import type { Workload } from '../workloads.js';

/** A process could not do what it was asked; the message is what it said last. */
export class PeerError extends Error {}

/**
 * Another framework in a process of its own, which reads a command a line (JSON) and answers each with a line:
 * `open` loads data and weights and gets a number, `run` does steps, `close` forgets.
 */
export class Peer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<never>;
  #complaint = '';
  #opened = 0;

  constructor(command: string, parameters: readonly string[]) {
    const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#complaint = (this.#complaint + text).slice(-4000);
    });
    child.stdin.on('error', () => {});
    this.#ended = Promise.race([
      once(child, 'error').then(([error]) => {
        throw new PeerError(String(error));
      }),
      once(child, 'close').then(() => {
        throw new PeerError(this.#complaint.trim());
      }),
    ]);
    this.#ended.catch(() => {});
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The answer to a command. Errors: the process ended, or never began (PeerError); it says that it cannot (CannotError). */
  async ask(command: object): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    const { value } = await Promise.race([this.#lines.next(), this.#ended]);
    if (value === undefined) return this.#ended;
    const answer: unknown = JSON.parse(value);
    if (isRefusal(answer)) throw new CannotError(answer.cannot);
    return answer;
  }

  /** A contestant in the process, doing the work in one of the ways it knows. */
  async open({ framework, way, threads }: PeerVariant, assignment: PeerAssignment): Promise<PeerContestant> {
    const id = this.#opened++;
    await this.ask({ open: id, ...assignment, way, threads });
    return {
      framework,
      variant: `${way} ${threads}`,
      id,
      run: async (work) => (await this.ask({ run: id, ...work })) as Result,
      close: async () => {
        await this.ask({ close: id });
      },
    };
  }

  kill(): void {
    this.#child.kill();
  }
}

const isRefusal = (answer: unknown): answer is { readonly cannot: string } =>
  typeof answer === 'object' && answer !== null && 'cannot' in answer;

export interface PeerVariant {
  readonly framework: string;
  /** What the process calls this way to do the work. */
  readonly way: string;
  readonly threads: number;
}

/** What the process is to work on. */
export interface PeerAssignment {
  readonly task: Workload['task'];
  readonly network: Network;
  /** The folder of the initial weights, and of the samples where `samples` names no other. */
  readonly folder: string;
  readonly samples?: string;
  /** Decides the masks of dropout. Default 0. */
  readonly seed?: number;
}

/** A contestant, and the number by which the process knows it. */
export interface PeerContestant extends Contestant {
  readonly id: number;
}
