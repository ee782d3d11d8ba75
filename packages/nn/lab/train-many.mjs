// Several networks at once against one by one: the same bits, and how much sooner. After a build:
//   node packages/nn/lab/train-many.mjs [networks] [workers]

import { availableParallelism } from 'node:os';
import {
  Adam,
  BatchNorm1d,
  CrossEntropy,
  DataLoader,
  fit,
  Linear,
  manualSeed,
  moons,
  relu,
  Sequential,
  trainMany,
} from '@nn/nn';

/** @typedef {{ width: number, learningRate: number }} Config */

/** @type {import('@nn/nn').TrainOne<Config, { loss: number, weights: ReadonlyMap<string, import('@nn/nn').Tensor> }>} */
export default async function train({ width, learningRate }) {
  const hidden = () => [new Linear({ outFeatures: width }), new BatchNorm1d(), relu];
  const model = new Sequential([...hidden(), ...hidden(), new Linear({ outFeatures: 2 })], { input: [2] });
  const { epochs } = await fit(model, {
    optimizer: new Adam({ learningRate }),
    losses: new CrossEntropy(),
    train: new DataLoader(moons({ samples: 2000, noise: 0.1 }), { batchSize: 64, shuffle: true }),
    epochs: 100,
  });
  return { loss: epochs[epochs.length - 1].train.loss, weights: model.stateDict() };
}

/** @template T @param {() => Promise<T>} work @returns {Promise<[result: T, seconds: number, processorSeconds: number]>} */
async function timed(work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (performance.now() - start) / 1000, (user + system) / 1e6];
}

/** @param {{ loss: number, weights: ReadonlyMap<string, import('@nn/nn').Tensor> }} result */
const bitsOf = ({ loss, weights }) => JSON.stringify([loss, [...weights].map(([key, { data }]) => [key, [...data]])]);

if (process.argv[1] === import.meta.filename) {
  const [networks = 8, workers = availableParallelism()] = process.argv.slice(2).map(Number);
  const configs = Array.from({ length: networks }, (_, i) => ({ width: 64 + 16 * i, learningRate: 1e-3 * (i + 1) }));
  const [one, alone, aloneProcessor] = await timed(async () => {
    const results = [];
    for (const [index, config] of configs.entries()) {
      manualSeed(0);
      results.push(await train(config, { index, data: undefined, signal: new AbortController().signal, progress: {} }));
    }
    return results;
  });
  const module = import.meta.url;
  const [many, together, processor] = await timed(() => trainMany(module, configs, { workers, seed: 0 }));
  const same = many.every((result, i) => result.status === 'fulfilled' && bitsOf(result.value) === bitsOf(one[i]));
  console.log(
    `${networks} networks, ${workers} at a time: ${together.toFixed(1)} s (${processor.toFixed(1)} s of processor)`,
  );
  console.log(`one by one, all threads: ${alone.toFixed(1)} s (${aloneProcessor.toFixed(1)} s of processor)`);
  console.log(`${(alone / together).toFixed(2)} times as long`);
  console.log(same ? 'the same bits' : 'OTHER BITS');
  process.exitCode = same ? 0 : 1;
}
