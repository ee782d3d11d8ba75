import { type Network, networks } from './networks.js';

/** Work that every side does on the same batches. */
export interface Workload {
  readonly name: string;
  /** What a step is: training, or inference on a batch that is at hand. */
  readonly task: 'train' | 'infer';
  readonly network: Network;
  readonly batch: number;
  /** The largest relative difference of losses (of outputs' mean squares, in inference) that rounding explains. */
  readonly tolerance: number;
}

const train = (network: keyof typeof networks, batch: number, tolerance: number): Workload => ({
  name: batch === 4 ? network : `${network} ${batch}`,
  task: 'train',
  network: networks[network],
  batch,
  tolerance,
});

const infer = (network: keyof typeof networks, batch: number): Workload => ({
  name: `${network} inference ${batch}`,
  task: 'infer',
  network: networks[network],
  batch,
  tolerance: 1e-5,
});

export const workloads: readonly Workload[] = [
  train('xor', 4, 1e-5),
  train('mlp', 32, 1e-5),
  train('mlp', 128, 1e-5),
  train('mlp', 512, 1e-5),
  train('mlp_bn', 128, 1e-4),
  train('lenet', 32, 1e-5),
  train('lenet', 128, 1e-5),
  train('cnn', 64, 1e-4),
  train('autoencoder', 128, 1e-5),
  infer('mlp', 1),
  infer('mlp', 256),
  infer('lenet', 1),
  infer('lenet', 256),
];

/** Errors: no workload has that name. */
export function workloadNamed(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (!found)
    throw new RangeError(`No workload is called ${name}; there are ${workloads.map((w) => w.name).join(', ')}.`);
  return found;
}
