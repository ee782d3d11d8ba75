import { DataLoader, TensorDataset } from '@nn/data';
import { BatchNorm1d, Dropout, Linear, type Module, Sequential } from '@nn/layers';
import { CrossEntropy } from '@nn/losses';
import { Accuracy } from '@nn/metrics';
import { Adam, CosineSchedule } from '@nn/optim';
import { relu, type Tensor, tensor } from '@nn/tensor';
import { type Batch, type BatchSource, Trainer, type TrainerOptions } from '../src/index.js';

/** Points in three classes by the angle they lie at; the same ones every time, and no random stream is touched. */
export function points(count: number, seed = 5): { x: Tensor; y: Tensor } {
  const x = tensor(
    Float32Array.from({ length: 2 * count }, (_, i) => 2 * Math.sin(seed + 12.9898 * i)),
    {
      shape: [count, 2],
    },
  );
  const y = Int32Array.from({ length: count }, (_, i) =>
    Math.min(2, Math.floor(((Math.atan2(x.data[2 * i], x.data[2 * i + 1]) / Math.PI + 1) / 2) * 3)),
  );
  return { x, y: tensor(y) };
}

/** 23 samples in batches of 5, so that the last is short. */
export const loader = (count = 23, batchSize: number | 'all' = 5, shuffle = true) =>
  new DataLoader(new TensorDataset(points(count)), { batchSize, shuffle });

/** A model with everything that has a state: dropout, batch normalisation. */
export const network = () =>
  new Sequential(
    [
      new Linear({ outFeatures: 8 }),
      new BatchNorm1d(),
      relu,
      new Dropout({ dropProbability: 0.3 }),
      new Linear({ outFeatures: 3 }),
    ],
    { input: [2] },
  );

/** A trainer of `network()` with everything that changes over time, the same every time. */
export function trainerOf(options: Partial<TrainerOptions> = {}, model: Sequential = network()) {
  return new Trainer(model, {
    optimizer: new Adam({ learningRate: 0.02, weightDecay: 0.01 }),
    losses: new CrossEntropy({ labelSmoothing: 0.05 }),
    metrics: [new Accuracy()],
    schedule: new CosineSchedule({ warmup: 3 }),
    clip: { norm: 1 },
    ...options,
  });
}

/** Every number of a model. */
export const numbersOf = (model: Module<object, never, unknown>): number[] =>
  [...model.stateDict().values()].flatMap((value) => [...value.data]);

/** One whole batch, as a source that is no DataLoader. */
export const whole = (x: Tensor, y: Tensor): BatchSource => [{ x, y } satisfies Batch];
