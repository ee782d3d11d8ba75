import { DataLoader, mapDataset, RandomAffine, TensorDataset } from '@nn/data';
import { Flatten, Linear, Sequential } from '@nn/layers';
import { CrossEntropy } from '@nn/losses';
import { SGD } from '@nn/optim';
import { manualSeed, tensor } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { Trainer } from '../src/index.js';
import { numbersOf } from './models.js';

const images = () => {
  const pixels = Float32Array.from({ length: 20 * 9 }, (_, i) => Math.sin(i * i));
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 3);
  return new TensorDataset({ x: tensor(pixels, { shape: [20, 1, 3, 3] }), y: tensor(labels) });
};

const trainer = () =>
  new Trainer(new Sequential([new Flatten(), new Linear({ outFeatures: 3 })], { input: [1, 3, 3] }).build(), {
    optimizer: new SGD({ learningRate: 0.1 }),
    losses: new CrossEntropy(),
  });

describe('training on batches made ahead', () => {
  beforeEach(() => manualSeed(5));
  const options = { batchSize: 6, shuffle: true, transforms: [new RandomAffine({ degrees: 20, translate: 0.3 })] };

  it('gives what training on batches made at once gives, to the bit, where samples are promises too', async () => {
    const weights: number[][] = [];
    const promised = mapDataset(images(), async (sample) => sample);
    for (const train of [
      new DataLoader(images(), options),
      new DataLoader(images(), { ...options, prefetch: 3 }),
      new DataLoader(promised, { ...options, prefetch: 2 }),
    ]) {
      manualSeed(5);
      const run = trainer();
      await run.fit({ train, epochs: 2 });
      weights.push(numbersOf(run.model));
    }
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).toEqual(weights[0]);
  });

  it('a sample that cannot be read ends the run with its error', async () => {
    const broken = mapDataset(images(), async (sample, i) => {
      if (i === 13) throw new Error('picture 13 is damaged');
      return sample;
    });
    const run = trainer();
    const train = new DataLoader(broken, { batchSize: 6, prefetch: 2 });
    await expect(run.fit({ train })).rejects.toThrow('picture 13 is damaged');
    expect(run.position.step).toBe(2);
  });
});
