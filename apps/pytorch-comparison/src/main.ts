import { Command, InvalidArgumentError } from 'commander';
import { type LearningOptions, learning } from './learning/command.js';
import { defaultFolder } from './rivals/npm.js';
import { defaultPython } from './rivals/pytorch.js';
import { rivalNames } from './rivals/rivals.js';
import { type SpeedOptions, speed } from './speed/command.js';

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
};

const someRivals = (text: string): string[] => {
  const names = text.split(',');
  const unknown = names.filter((name) => !rivalNames.includes(name));
  if (unknown.length > 0) throw new InvalidArgumentError(`There are ${rivalNames.join(', ')}.`);
  return names;
};

/** Prints what speaks against a comparison, and fails the process if anything does. */
function judge(objections: readonly string[]): void {
  for (const objection of objections) console.error(`FAILED ${objection}`);
  if (objections.length > 0) process.exitCode = 1;
}

const program = new Command('compare').description(
  'The same networks here and in PyTorch (and others), in turn, on the same data, weights and batches.',
);

program
  .command('speed', { isDefault: true })
  .description('time steps of training and inference; the default')
  .option('--only <names>', 'workloads to compare, such as mlp,"lenet 128"', (text) => text.split(','))
  .option('--rivals <names>', `whom to compare with, of ${rivalNames.join()}; default: all at hand`, someRivals)
  .option('--python <path>', 'the Python that has PyTorch', defaultPython)
  .option('--rivals-folder <path>', 'the folder in which the other rivals are installed', defaultFolder)
  .option('--threads <n>', 'threads on all sides that have threads', positive, 2)
  .option(
    '--quick',
    'fewer and shorter rounds, nothing that takes long to start, and no slow rivals unless named',
    false,
  )
  .option('--json <file>', 'where the figures go', 'runs/compare/speed.json')
  .option('--plot <file>', 'where the plot goes, as SVG', 'runs/compare/speed.svg')
  .action(async (options: SpeedOptions) => judge(await speed(options)));

program
  .command('learning')
  .description('train a classifier of Fashion-MNIST on both sides, and compare what it learns')
  .option('--epochs <n>', 'epochs', positive, 10)
  .option('--seeds <n>', 'runs, each from other weights, on another split', positive, 3)
  .option('--python <path>', 'the Python that has PyTorch', defaultPython)
  .option('--threads <n>', 'threads on both sides', positive, 2)
  .option('--json <file>', 'where the figures go', 'runs/compare/learning.json')
  .option('--plot <file>', 'where the plot goes, as SVG', 'runs/compare/learning.svg')
  .action(async (options: LearningOptions) => judge(await learning(options)));

await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
