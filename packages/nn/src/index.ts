import { applyEnvironment } from './environment.js';

export * from '@nn/data';
export * from '@nn/data/node';
export * from '@nn/io';
export * from '@nn/layers';
export * from '@nn/logs';
export * from '@nn/losses';
// A metric has this name too: metrics.MeanAbsoluteError.
export { MeanAbsoluteError } from '@nn/losses';
export * from '@nn/metrics';
export * as metrics from '@nn/metrics';
export { setThreads } from '@nn/native-kernels';
export * from '@nn/optim';
export * from '@nn/tensor';
export * from '@nn/train';
export * from '@nn/viz';
export type { Job, ProgressEvent, TrainOne } from './many/job.js';
export { type NetworkProgress, type TrainManyOptions, trainMany } from './many/train-many.js';

applyEnvironment();
