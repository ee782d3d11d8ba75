import * as layers from '@nn/layers';
import * as losses from '@nn/losses';
import * as optim from '@nn/optim';
import { type Losses, Trainer } from '@nn/train';
import { expect, test } from 'vitest';
import { loadTrainer, save } from '../src/index.js';
import { temporaryFolder } from './folder.js';

const path = temporaryFolder();

/** Options other than the defaults, for every loss that has any but the reduction. */
const options: Readonly<Record<string, object>> = {
  ActivityPenalty: { l1: 0.5, l2: 2 },
  CTC: { blank: 3, zeroInfinity: true },
  CosineEmbedding: { margin: 0.5 },
  CrossEntropy: { classWeights: [1, 2, 3], ignoredIndex: 2, labelSmoothing: 0.1 },
  Hinge: { margin: 2 },
  HingeEmbedding: { margin: 2 },
  Huber: { delta: 0.5 },
  KLDivergence: { reduction: 'batchMean', logTarget: true },
  MultiMargin: { power: 2, classWeights: [1, 2, 3] },
  NegativeLogLikelihood: { ignoredIndex: -100 },
  SmoothL1: { beta: 0 },
};

const every = Object.entries(losses).flatMap(([name, type]) =>
  'kind' in type && name !== 'Loss'
    ? [[name, Reflect.construct(type as typeof losses.Huber, [{ reduction: 'sum', ...options[name] }])] as const]
    : [],
);

async function reloaded(given: Losses): Promise<Losses> {
  const model = new layers.Sequential([new layers.Linear({ outFeatures: 2 })], { input: [3] });
  await save(path('losses.h5'), new Trainer(model.build(), { optimizer: new optim.SGD(), losses: given }));
  return (await loadTrainer(path('losses.h5'), { layers, losses, optim })).losses;
}

test('every loss comes back from a file with its options', async () => {
  const given = Object.fromEntries(every);
  const loaded = (await reloaded(given)) as typeof given;
  expect(Object.keys(loaded)).toEqual(Object.keys(given));
  for (const [name, loss] of every) {
    expect(loaded[name]).toBeInstanceOf(loss.constructor);
    expect(loaded[name].options).toEqual(loss.options);
  }
});

test('what a trainer does with losses is kept: weights, names, nodes, targets', async () => {
  const [[, first], [, second]] = every;
  const list = [first, { loss: second, weight: 0, name: 'other', of: ['a', 'b'], target: 'c' }];
  expect(await reloaded(list)).toEqual(list);
});
