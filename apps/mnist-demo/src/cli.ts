import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type EvaluateOptions, evaluateFile } from './evaluate.js';
import { Failure } from './failure.js';
import { models } from './models.js';
import { type PredictOptions, predictFiles } from './predict.js';
import type { Terminal } from './terminal.js';
import { defaultOut, type TrainOptions, trainModel } from './train.js';

/**
 * Runs one command line and gives the status to exit with. A command line that cannot be understood is explained.
 * Errors: whatever the command throws.
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  let status = 0;
  const program = commandLine(terminal, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

function commandLine(terminal: Terminal, finish: (status: number) => void): Command {
  const program = new Command('npm run demo --')
    .description('Trains, draws, saves and tests networks on the MNIST handwritten digits.')
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .addHelpText('after', '\nThe word train may be left out. Its options: npm run demo -- train --help')
    .exitOverride();

  program
    .command('train', { isDefault: true })
    .allowExcessArguments()
    .description('train a network, and write it with pictures of what it learnt (the default)')
    .addOption(new Option('--model <name>', 'the network (default: lenet)').choices(Object.keys(models)))
    .option('--epochs <N>', 'passes through the training images (default: 15 for lenet)', wholeNumber(1))
    .option('--batch <N>', 'images in a step (default: 128 for lenet)', wholeNumber(1))
    .option('--seed <N>', 'decides the first weights and the order of images (default: 1)', wholeNumber(0, 2 ** 32 - 1))
    .addOption(data())
    .option('--out <DIR>', 'where the files go', defaultOut)
    .option('--limit <N>', 'train on the first N images only', wholeNumber(1))
    .option('--validation <N>', 'hold N training images out, and score them after each epoch', wholeNumber(1))
    .addOption(backend())
    .addOption(threads())
    .option('--eager', 'run every operation by itself rather than record and replay the steps')
    .option('--resume', 'go on from the checkpoint in --out')
    .action(async (options: TrainOptions, { args: [unknown] }: Command) => {
      if (unknown !== undefined)
        throw new Failure(`There is no command "${unknown}"; there are train, evaluate and predict.`);
      finish(await trainModel(options, terminal));
    });

  program
    .command('evaluate')
    .description('score a saved network on the test images')
    .addOption(modelFile())
    .addOption(data())
    .option('--limit <N>', 'use the first N test images only', wholeNumber(1))
    .addOption(backend())
    .addOption(threads())
    .option('--json', 'end with one line of JSON')
    .action((options: EvaluateOptions) => evaluateFile(options, terminal));

  program
    .command('predict')
    .description('tell which digits images show')
    .argument('<images...>', 'PNG images of 28×28 pixels')
    .addOption(modelFile())
    .addOption(backend())
    .addOption(threads())
    .option('--json', 'end with one line of JSON')
    .action((images: string[], options: PredictOptions) => predictFiles(images, options, terminal));

  return program;
}

const modelFile = () =>
  new Option('--model-file <FILE>', 'the network, such as runs/mnist/model.h5').makeOptionMandatory();
const data = () =>
  new Option('--data <DIR>', "where MNIST's four IDX files lie (default: found, or downloaded to a cache)");
const backend = () =>
  new Option('--backend <name>', 'C++ or TypeScript kernels (default: native where they load)').choices([
    'native',
    'reference',
  ]);
const threads = () =>
  new Option('--threads <N>', 'threads of the native kernels (default: one a core)').argParser(wholeNumber(1, 256));

/** Reads an option's value as a whole number from `least` to `most`. Errors: anything else, said in words. */
function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}
