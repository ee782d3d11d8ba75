import { join } from 'node:path';
import {
  Accuracy,
  CrossEntropy,
  type History,
  manualSeed,
  ProgressBar,
  type Sequential,
  save,
  summary,
  Trainer,
} from '@nn/nn';
import { type BackendOptions, chooseBackend } from './backend.js';
import { Checkpoints, readCheckpoint } from './checkpoint.js';
import { loadDigitModel } from './digit-model.js';
import { type TestImages, testImages, trainingBatches } from './images.js';
import { interruptedStatus, interruptible } from './interruption.js';
import { models } from './models.js';
import { prepareOutput } from './output-directory.js';
import { recipes, scheduleOver } from './recipes.js';
import { reportFiles, writeReport } from './report.js';
import { sameBits, score } from './scores.js';
import { completed, type GivenSettings, type Settings } from './settings.js';
import { duration, percent, print, type Terminal } from './terminal.js';

/** Where the files of a run go, unless told otherwise. */
export const defaultOut = 'runs/mnist';

export interface TrainOptions extends BackendOptions, GivenSettings {
  readonly data?: string;
  readonly out: string;
  readonly eager?: boolean;
  readonly resume?: boolean;
}

/**
 * `train`: trains a network, writes it and its report, and proves that the file gives the same network back. Gives the
 * status to exit with. Errors: whatever cannot be read or written, most of it before training begins.
 */
export async function trainModel(options: TrainOptions, terminal: Terminal): Promise<number> {
  const { out, data, resume, eager = false } = options;
  const checkpoint = join(out, 'checkpoint.h5');
  const backend = chooseBackend(options);
  await prepareOutput(out, ['model.h5', 'checkpoint.h5', ...Object.keys(reportFiles)]);

  const kept = resume ? await readCheckpoint(checkpoint, { ...options, backend }, { capture: !eager }) : undefined;
  const settings = kept?.settings ?? completed(options, backend);
  const { train, heldOut } = await trainingBatches(settings, data);
  const test = await testImages(data);
  const trainer = kept?.trainer ?? newTrainer(settings, { capture: !eager, steps: settings.epochs * train.length });

  print(terminal, `${summary(trainer.model)}\n`);
  print(terminal, describe(settings, train.samples));
  const history = await interruptible(
    (signal) =>
      trainer.fit({
        train,
        validation: heldOut,
        epochs: settings.epochs,
        callbacks: [progressOn(terminal), new Checkpoints(checkpoint, settings)],
        signal,
        resume,
      }),
    () => print(terminal, '\nStopping after this step; press Ctrl-C again to stop at once.'),
  );
  if (history.end === 'aborted') {
    await save(checkpoint, trainer);
    print(terminal, `The run so far is in ${checkpoint}. To go on: npm run demo -- ${wordsToResume(options)}`);
    return interruptedStatus;
  }
  await conclude({ out, trainer, settings, history, test }, terminal);
  return 0;
}

interface Trained {
  readonly out: string;
  readonly trainer: Trainer;
  readonly settings: Settings;
  readonly history: History;
  readonly test: TestImages;
}

/** Writes the network and the report, and compares the network with what its file gives back. */
async function conclude({ out, trainer, settings, history, test }: Trained, terminal: Terminal): Promise<void> {
  const file = join(out, 'model.h5');
  const model = trainer.model as Sequential;
  await save(file, model);
  const scores = await score(model, test);
  const { accuracy, loss, logits, images } = scores;
  print(terminal);
  print(terminal, `Test: ${percent(accuracy)} of ${images} images right, loss ${loss.toFixed(4)}.`);

  const reread = await score(await loadDigitModel(file), test);
  if (!sameBits(logits, reread.logits)) throw new Error(`${file} does not score as the network in memory does.`);
  print(terminal, `${file}, read into a fresh network: the same ${logits.size} scores, to the last bit.`);

  await writeReport(out, { trainer, settings, history, scores, images: test.images });
  print(terminal, `Written to ${out}: model.h5, ${Object.keys(reportFiles).join(', ')}.`);
  const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  print(terminal, `Training took ${duration(seconds)}.`);
}

/** A fresh network with its recipe. */
function newTrainer({ model, seed }: Settings, { capture, steps }: { capture: boolean; steps: number }): Trainer {
  manualSeed(seed);
  return new Trainer(models[model]().build(), {
    optimizer: recipes[model].optimizer(),
    losses: new CrossEntropy(),
    metrics: [new Accuracy()],
    schedule: scheduleOver(steps),
    capture,
  });
}

function describe({ model, epochs, batch, seed, backend }: Settings, images: number): string {
  const length = epochs === 1 ? 'one epoch' : `${epochs} epochs`;
  return `Training ${model} on ${images} images for ${length}: batches of ${batch}, seed ${seed}, ${backend} kernels.`;
}

/** A live line on a terminal; in a log, a line every two seconds. */
const progressOn = ({ out }: Terminal) =>
  new ProgressBar({
    write: (text) => out.write(text),
    terminal: out.isTTY ?? false,
    columns: out.columns,
    interval: out.isTTY ? 0.1 : 2,
  });

/** The words of the command that goes on with a run: what the checkpoint does not keep must be said again. */
export function wordsToResume({ out, data, backend, threads, eager }: TrainOptions): string {
  const words = ['--resume'];
  if (out !== defaultOut) words.push('--out', out);
  if (data !== undefined) words.push('--data', data);
  if (backend !== undefined) words.push('--backend', backend);
  if (threads !== undefined) words.push('--threads', String(threads));
  if (eager) words.push('--eager');
  return words.map(quoted).join(' ');
}

/** A word as a shell takes it for one word. */
const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
