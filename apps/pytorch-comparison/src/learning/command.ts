import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, fashionMnist, manualSeed, reshape, type Tensor } from '@nn/nn';
import { writeArrays } from '../arrays.js';
import { disagreement } from '../figures.js';
import { saveFile } from '../files.js';
import { machine } from '../machine.js';
import { modelOf } from '../model.js';
import { classifier, type Network, withoutDropout } from '../networks.js';
import { AbsentRival } from '../rivals/absent.js';
import { framework } from '../rivals/ours.js';
import type { Peer } from '../rivals/peer.js';
import { pytorchName, startPytorch } from '../rivals/pytorch.js';
import { agreeing, comparedLosses, doubleSamples, firstBatches, lossesOf } from './agreement.js';
import { testImages, trainingImages } from './batches.js';
import type { Lesson } from './learner.js';
import { ourLearner } from './our-learner.js';
import { peerLearner } from './peer-learner.js';
import { learningPlot } from './plot.js';
import { learn, type Progress, type Run } from './run.js';
import { finalAccuracies, lossTolerance, objections } from './verdict.js';

export interface LearningOptions {
  readonly epochs: number;
  readonly seeds: number;
  readonly threads: number;
  readonly python: string;
  readonly json: string;
  readonly plot: string;
}

const batch = 256;

/** Trains a classifier of Fashion-MNIST on all sides. Returns what speaks against the comparison. */
export async function learning({ epochs, seeds, threads, python, json, plot }: LearningOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nn-compare-'));
  const peer = await peerOf(python);
  try {
    const samples = join(folder, 'samples');
    const images = await fashionImages();
    writeArrays(samples, new Map(Object.entries(images)));
    const double = doubleSamples(images.x, images.y);
    writeArrays(join(folder, 'double'), double.arrays);
    const lesson = (network: Network, seed: number): Lesson => {
      const weights = join(folder, 'weights');
      manualSeed(seed);
      writeArrays(weights, modelOf(network).stateDict());
      return { network, weights, samples, threads, seed };
    };
    const theirs = async (given: Lesson) => (peer ? [await peerLearner(peer, pytorchName, given)] : []);
    const plain = lesson(withoutDropout(classifier), 0);
    const sidesOf = async (given: Lesson) => [ourLearner(given), ...(await theirs(given))];
    const exact = await lossesOf(await sidesOf({ ...plain, samples: join(folder, 'double') }), double.batches);
    const firstLosses = new Map(exact.map((losses, i) => [[framework, pytorchName][i], losses]));
    if (peer) {
      const single = await theirs({ ...plain, threads: 1 });
      tellOfLosses(exact, await lossesOf([...(await sidesOf(plain)), ...single], firstBatches(batch)));
    }
    const runs: Run[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const sides = await sidesOf(lesson(classifier, seed));
      const tell = (epoch: number, progress: Readonly<Record<string, Progress>>) =>
        console.error(`seed ${seed}, epoch ${epoch} of ${epochs}: ${progressText(progress)}`);
      runs.push(await learn(sides, { seed, epochs, batch, tell }));
      for (const side of sides) await side.close();
    }
    const accuracies = finalAccuracies(runs);
    console.log('After the epochs that were best on the validation images:');
    for (const [name, accuracy] of accuracies)
      console.log(`${name}: test accuracy ${(100 * accuracy).toFixed(2)} %, mean over ${seeds} seeds`);
    const about = { machine: machine(), network: classifier, batch, threads };
    const figures = { ...about, firstLosses: Object.fromEntries(firstLosses), runs };
    saveFile(json, `${JSON.stringify({ ...figures, accuracies: Object.fromEntries(accuracies) }, null, 2)}\n`);
    saveFile(plot, await learningPlot(runs, { title: `Fashion-MNIST, ${seeds} seeds` }));
    return objections(runs, firstLosses);
  } finally {
    peer?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PyTorch's process; where there is none, that is said. */
async function peerOf(python: string): Promise<Peer | undefined> {
  try {
    return (await startPytorch(python)).peer;
  } catch (error) {
    if (!(error instanceof AbsentRival)) throw error;
    console.log(`${error.message}\nSo this framework learns alone, compared with nothing.`);
    return undefined;
  }
}

/** Images to train on and to test with, [70 000, 784] normalised, and their labels. */
async function fashionImages(): Promise<{ readonly x: Tensor; readonly y: Tensor }> {
  const parts = [];
  for (const [split, count] of [
    ['train', trainingImages],
    ['test', testImages],
  ] as const) {
    const images = await fashionMnist({ split, normalize: true });
    parts.push(images.batch(Int32Array.from({ length: count }, (_, i) => i)));
  }
  return {
    x: concat(parts.map((part) => reshape(part.x, [part.x.shape[0], 784]))),
    y: concat(parts.map((part) => part.y)),
  };
}

/** Says how far first losses agree: in double precision, and as they are trained, with PyTorch on one thread beside. */
function tellOfLosses(
  exact: readonly (readonly number[])[],
  [ours, theirs, single]: readonly (readonly number[])[],
): void {
  console.log(
    `Without dropout and in double precision, the first ${comparedLosses} losses differ by at most ` +
      `${disagreement(exact[1], exact[0]).toExponential(1)} (allowed: ${lossTolerance}).`,
  );
  console.log(
    `In single precision, where rounding soon leads apart, the first ${agreeing(ours, theirs)} agree; of PyTorch on ` +
      `1 thread with itself on more, the first ${agreeing(single, theirs)}.`,
  );
}

const progressText = (progress: Readonly<Record<string, Progress>>): string =>
  Object.entries(progress)
    .map(([name, { train, validation, seconds }]) => {
      const accuracies = [train, validation].map(({ accuracy }) => `${(100 * accuracy).toFixed(1)} %`).join(' / ');
      return `${name} ${accuracies} (${train.loss.toFixed(3)} / ${validation.loss.toFixed(3)}, ${seconds.toFixed(1)} s)`;
    })
    .join(', ');
