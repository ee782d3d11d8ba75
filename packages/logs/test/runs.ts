import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataLoader, TensorDataset } from '@nn/data';
import { Linear, Sequential } from '@nn/layers';
import { CrossEntropy } from '@nn/losses';
import { Accuracy, ConfusionMatrix } from '@nn/metrics';
import { SGD } from '@nn/optim';
import { manualSeed, tensor } from '@nn/tensor';
import { Trainer } from '@nn/train';
import { afterEach, beforeEach } from 'vitest';

/** A fresh folder for each test of a file; the function gives paths in it. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'nn-logs-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));
  return (name) => join(folder, name);
}

/** 12 points in batches of 5: three steps an epoch. */
export function loader() {
  const x = tensor(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * i)),
    { shape: [12, 2] },
  );
  const y = tensor(Int32Array.from({ length: 12 }, (_, i) => (x.data[2 * i] > 0 ? 1 : 0)));
  return new DataLoader(new TensorDataset({ x, y }), { batchSize: 5 });
}

/** The same trainer every time. */
export function trainerOf(options: { readonly gradientNorms?: boolean } = {}): Trainer {
  manualSeed(1);
  return new Trainer(new Sequential([new Linear({ outFeatures: 2 })], { input: [2] }), {
    optimizer: new SGD({ learningRate: 0.1 }),
    losses: new CrossEntropy(),
    metrics: [new Accuracy(), new ConfusionMatrix()],
    ...options,
  });
}
