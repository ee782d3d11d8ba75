import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { currentBackend, manualSeed, type Profile, startProfile, writeFileAtomically } from '@nn/nn';
import { examples } from './examples.js';
import { progressLines } from './progress.js';
import { judge, type Result } from './result.js';

export interface RunOptions {
  /** Decides the first weights and the order of the data. */
  readonly seed: number;
  /** Where pictures and result.json go. */
  readonly out: string;
  readonly print: (line: string) => void;
}

/**
 * Runs an example, measures how long it takes and how much of that is spent in kernels, and writes its pictures.
 * Errors: no example of this name; what the example throws.
 */
export async function runExample(
  name: string,
  { seed, out, print }: RunOptions,
): Promise<{ result: Result; profile: Profile }> {
  const { example } = await examples[name]();
  print(`${example.title}\n`);
  await mkdir(out, { recursive: true });
  manualSeed(seed);
  const profiling = startProfile({ events: 0 });
  const { reached, pictures = {} } = await example.run({ progress: progressLines(print), print });
  const profile = profiling.stop();
  for (const [file, draw] of Object.entries(pictures)) await writeFileAtomically(join(out, file), await draw());
  const result: Result = {
    example: name,
    title: example.title,
    figures: judge(example.wanted, reached),
    seconds: profile.milliseconds / 1000,
    kernelShare: profile.total.milliseconds / profile.milliseconds,
    backend: currentBackend().name,
    pictures: Object.keys(pictures),
  };
  await writeFileAtomically(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  return { result, profile };
}
