import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { examples } from './runner/examples.js';
import { inWords } from './runner/result.js';
import { runExample } from './runner/run.js';

const program = new Command('npm run example --')
  .description('Runs an example, says whether it reached its result, and writes its pictures.')
  .addArgument(new Argument('<name>', 'which one').choices(Object.keys(examples)))
  .addOption(
    new Option('--seed <N>', 'decides the first weights and the order of the data').default(1).argParser(Number),
  )
  .option('--out <DIR>', 'where pictures go (default: runs/examples/NAME)')
  .option('--profile', 'print where the time went')
  .action(run);

interface Options {
  readonly seed: number;
  readonly out?: string;
  readonly profile?: boolean;
}

async function run(name: string, { seed, out = join('runs', 'examples', name), profile: profiled }: Options) {
  const { result, profile } = await runExample(name, { seed, out, print: console.log });
  if (profiled) console.log(`\n${profile.table()}`);
  console.log();
  for (const figure of result.figures) console.log(inWords(figure));
  const share = `${(100 * result.kernelShare).toFixed(0)} % of it in ${result.backend} kernels`;
  console.log(`It took ${result.seconds.toFixed(1)} s, ${share}. Written to ${out}.`);
  if (!result.figures.every(({ met }) => met)) process.exitCode = 1;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Error && error.name === 'DataError')) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
