import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../src/cli.js';
import { explained } from '../src/failure.js';

/** What a command did. */
export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function demo(...words: string[]): Promise<Outcome> {
  const [out, err] = [collector(), collector()];
  const status = await explained(err, () => run(words, { out, err }));
  return { status, out: out.text, err: err.text };
}

function collector() {
  return {
    text: '',
    write(text: string) {
      this.text += text;
    },
  };
}

const program = join(import.meta.dirname, '..', 'dist', 'main.js');

/** Runs a command line as the built program, in a process of its own; Ctrl-C is pressed when it has printed a text. */
export async function demoProcess(
  words: readonly string[],
  { env = {}, interruptAfter }: { env?: Record<string, string>; interruptAfter?: string } = {},
): Promise<Outcome> {
  if (!existsSync(program)) throw new Error(`${program} does not exist: run npm run build before the tests.`);
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = out;
    out += text;
    if (interruptAfter && out.includes(interruptAfter) && !before.includes(interruptAfter)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

/** A directory that the test may fill; it goes when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mnist-demo-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
