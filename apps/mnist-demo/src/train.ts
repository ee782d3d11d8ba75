import { join } from 'node:path';
import {
  Accuracy,
  CrossEntropy,
  currentBackend,
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
import { testImages, trainingBatches } from './images.js';
import { interruptedStatus, interruptible } from './interruption.js';
import { models } from './models.js';
import { prepareOutput } from './output-directory.js';
import { recipes, scheduleOver } from './recipes.js';
import { reportFiles, writeReport } from './report.js';
import { sameBits, score } from './scores.js';
import { completed, type GivenSettings, type Settings } from './settings.js';
import { duration, percent, print, type Terminal } from './terminal.js';

export interface TrainOptions extends BackendOptions, GivenSettings {
  readonly data?: string;
  readonly out: string;
  readonly eager?: boolean;
  readonly resume?: boolean;
}

/** `train`: trains a network, writes it and its report, and proves that the file gives the same network back. */
export async function trainModel(options: TrainOptions, terminal: Terminal): Promise<number> {
  const started = performance.now();
  chooseBackend(options);
  const modelFile = join(options.out, 'model.h5');
  const checkpoint = join(options.out, 'checkpoint.h5');
  await prepareOutput(options.out, ['model.h5', 'checkpoint.h5', ...Object.keys(reportFiles)]);

  const capture = !options.eager;
  const kept = options.resume ? await readCheckpoint(checkpoint, options, { capture }) : undefined;
  const settings = kept?.settings ?? completed(options);
  const { train, heldOut } = await trainingBatches(settings, options.data);
  const { images, batches: test } = await testImages(options.data);
  const trainer = kept?.trainer ?? newTrainer(settings, { capture, steps: settings.epochs * train.length });
  const model = trainer.model as Sequential;

  print(terminal, summary(model));
  print(terminal);
  print(terminal, describe(settings, train.samples));
  const progress = new ProgressBar({
    write: (text) => terminal.out.write(text),
    terminal: terminal.out.isTTY ?? false,
    columns: terminal.out.columns,
    interval: terminal.out.isTTY ? 0.1 : 2,
  });
  const history = await interruptible(
    (signal) =>
      trainer.fit({
        train,
        validation: heldOut,
        epochs: settings.epochs,
        callbacks: [progress, new Checkpoints(checkpoint, settings)],
        signal,
        resume: options.resume,
      }),
    () => print(terminal, '\nStopping after this step; press Ctrl-C again to stop at once.'),
  );
  if (history.end === 'aborted') {
    await save(checkpoint, trainer);
    print(terminal, `The run so far is in ${checkpoint}. To go on: npm run demo -- --resume${outOption(options.out)}`);
    return interruptedStatus;
  }

  await save(modelFile, model);
  const scores = await score(model, test);
  await writeReport(options.out, { model, settings, history, scores, images });
  print(terminal);
  print(
    terminal,
    `Test: ${percent(scores.accuracy)} of ${scores.images} images right, loss ${scores.loss.toFixed(4)}.`,
  );

  const reread = await score(await loadDigitModel(modelFile), test);
  if (!sameBits(scores.logits, reread.logits))
    throw new Error(`${modelFile} does not score as the network in memory does.`);
  print(terminal, `${modelFile}, read into a fresh network: the same ${reread.logits.size} scores, to the last bit.`);
  print(terminal, `Written to ${options.out}: model.h5, ${Object.keys(reportFiles).join(', ')}.`);
  print(terminal, `${duration(trainingTime(history))} of training, ${duration(performance.now() - started)} in all.`);
  return 0;
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

function describe({ model, epochs, batch, seed }: Settings, images: number): string {
  const passes = epochs === 1 ? 'one epoch' : `${epochs} epochs`;
  return `Training ${model} on ${images} images for ${passes}: batches of ${batch}, seed ${seed}, ${currentBackend().name} kernels.`;
}

const trainingTime = ({ epochs }: History) => epochs.reduce((sum, { seconds }) => sum + 1000 * seconds, 0);

const outOption = (out: string) => (out === 'runs/mnist' ? '' : ` --out ${out}`);
