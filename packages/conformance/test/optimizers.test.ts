import { clone, Linear, Sequential } from '@nn/layers';
import * as optim from '@nn/optim';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  adadeltaUpdate,
  adagradUpdate,
  adamUpdate,
  Lion,
  lionUpdate,
  NAdam,
  nadamMomentum,
  nadamUpdate,
  Optimizer,
  RMSprop,
  rmspropUpdate,
  SGD,
  sgdUpdate,
} from '@nn/optim';
import {
  backward,
  capture,
  type Kernel,
  manualSeed,
  mean,
  square,
  subtract,
  type Tensor,
  tanh,
  uniform,
  withBackend,
} from '@nn/tensor';
import { assertClose, assertSameBits, configurations, type DrawSpec, kernelCase, kernelSuite } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';

const one = (value: number): DrawSpec => ({ shape: [1], low: value, high: value });

const sgd = (
  size: number,
  attrs: { momentum: number; dampening: number; nesterov: number; weightDecay: number },
  step: number,
) => kernelCase(sgdUpdate, { w: [size], velocity: [size], g: [size], learningRate: one(0.1), step: one(step) }, attrs);

const adam = (size: number, attrs: { weightDecay: number; decoupled: number }, step: number) =>
  kernelCase(
    adamUpdate,
    { w: [size], m: [size], v: { shape: [size], low: 0, high: 2 }, g: [size], learningRate: one(0.1), step: one(step) },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...attrs },
  );

const squares = (size: number): DrawSpec => ({ shape: [size], low: 0, high: 2 });

const nadam = (size: number, attrs: { momentumDecay: number; weightDecay: number; decoupled: number }, step: number) =>
  kernelCase(
    nadamUpdate,
    {
      w: [size],
      m: [size],
      v: squares(size),
      g: [size],
      learningRate: one(0.1),
      step: one(step),
      momentumProduct: one(0.45 ** (step - 1)),
    },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...attrs },
  );

/** A variance that does not nearly vanish, which would magnify rounding. */
const rmsprop = (size: number, attrs: { momentum: number; centered: number; weightDecay: number }) =>
  kernelCase(
    rmspropUpdate,
    {
      w: [size],
      v: { shape: [size], low: 1.5, high: 2 },
      mean: [size],
      velocity: [size],
      g: [size],
      learningRate: one(0.1),
    },
    { alpha: 0.99, epsilon: 1e-8, ...attrs },
  );

const adagrad = (size: number, attrs: { learningRateDecay: number; weightDecay: number }, step: number) =>
  kernelCase(
    adagradUpdate,
    { w: [size], sum: squares(size), g: [size], learningRate: one(0.1), step: one(step) },
    { epsilon: 1e-10, ...attrs },
  );

const adadelta = (size: number, attrs: { rho: number; weightDecay: number }) =>
  kernelCase(
    adadeltaUpdate,
    { w: [size], v: squares(size), u: squares(size), g: [size], learningRate: one(1) },
    { epsilon: 1e-6, ...attrs },
  );

const lion = (size: number, weightDecay: number) =>
  kernelCase(
    lionUpdate,
    { w: [size], m: [size], g: [size], learningRate: one(0.1) },
    { beta1: 0.9, beta2: 0.99, weightDecay },
  );

/** One row or more for every kernel of @nn/optim. */
const kernelRows = [0, 1, 7, 16, 100_003].flatMap((size) => [
  sgd(size, { momentum: 0, dampening: 0, nesterov: 0, weightDecay: 0 }, 0),
  sgd(size, { momentum: 0.9, dampening: 0, nesterov: 0, weightDecay: 0.01 }, 0),
  sgd(size, { momentum: 0.9, dampening: 0.3, nesterov: 0, weightDecay: 0.01 }, 4),
  sgd(size, { momentum: 0.9, dampening: 0, nesterov: 1, weightDecay: 0 }, 4),
  adam(size, { weightDecay: 0, decoupled: 0 }, 1),
  adam(size, { weightDecay: 0.1, decoupled: 0 }, 3),
  adam(size, { weightDecay: 0.1, decoupled: 1 }, 1000),
  rmsprop(size, { momentum: 0, centered: 0, weightDecay: 0 }),
  rmsprop(size, { momentum: 0.9, centered: 0, weightDecay: 0.1 }),
  rmsprop(size, { momentum: 0.9, centered: 1, weightDecay: 0 }),
  adagrad(size, { learningRateDecay: 0, weightDecay: 0 }, 1),
  adagrad(size, { learningRateDecay: 0.1, weightDecay: 0.1 }, 5),
  adadelta(size, { rho: 0.9, weightDecay: 0 }),
  adadelta(size, { rho: 0.5, weightDecay: 0.1 }),
  nadam(size, { momentumDecay: 0.004, weightDecay: 0, decoupled: 0 }, 1),
  nadam(size, { momentumDecay: 0.004, weightDecay: 0.1, decoupled: 0 }, 3),
  nadam(size, { momentumDecay: 0.1, weightDecay: 0.1, decoupled: 1 }, 1000),
  kernelCase(
    nadamMomentum,
    { momentumProduct: { shape: [size], low: 0, high: 1 }, step: { shape: [size], low: 1, high: 1000 } },
    { beta1: 0.9, momentumDecay: 0.004 },
  ),
  lion(size, 0),
  lion(size, 0.1),
]);

for (const row of kernelRows)
  describe(row.name, () => {
    for (const { name, run } of kernelSuite(row, backends)) test(name, run);
  });

test('every kernel has a row', () => {
  const tested = new Set<Kernel>(kernelRows.map(({ kernel }) => kernel));
  const missing = Object.entries(optim).flatMap(([name, value]) =>
    'kernel' in value && !tested.has(value.kernel) ? [name] : [],
  );
  expect(missing, 'kernels without a row in packages/conformance/test/optimizers.test.ts').toEqual([]);
});

/** One row or more for every optimizer of @nn/optim. */
const optimizerRows: readonly (() => Optimizer)[] = [
  () => new SGD({ learningRate: 0.1 }),
  () => new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  () => new SGD({ learningRate: 0.1, momentum: 0.9, dampening: 0.2, decay: 'all', weightDecay: 0.01 }),
  () => new Adam({ learningRate: 0.01, weightDecay: 0.01 }),
  () => new AdamW({ learningRate: 0.01, weightDecay: 0.1 }),
  () => new RMSprop({ learningRate: 0.01, weightDecay: 0.01 }),
  () => new RMSprop({ learningRate: 0.01, momentum: 0.9, centered: true }),
  () => new Adagrad({ learningRate: 0.05, learningRateDecay: 0.1, initialAccumulatorValue: 0.1, weightDecay: 0.01 }),
  () => new Adadelta({ weightDecay: 0.01 }),
  () => new NAdam({ weightDecay: 0.01 }),
  () => new NAdam({ learningRate: 0.01, momentumDecay: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  () => new Lion({ learningRate: 0.01, weightDecay: 0.1 }),
];

manualSeed(3);
const start = new Sequential([new Linear({ outFeatures: 17 }), tanh, new Linear({ outFeatures: 3 })]).build([5]);
const batches = Array.from({ length: 6 }, () => [uniform([9, 5]), uniform([9, 3])] as const);

/** Losses and final weights of six steps, the learning rate halved on the way. */
function train(make: () => Optimizer, captured: boolean): Tensor[] {
  const model = clone(start);
  const optimizer = make();
  const plain = (x: Tensor, y: Tensor) => {
    const loss = mean(square(subtract(model.run(x), y)));
    optimizer.step(backward(loss));
    return loss.detach();
  };
  const step = captured ? capture(plain) : plain;
  const losses = batches.map(([x, y], i) => {
    if (i === 4) optimizer.learningRate /= 2;
    return step(x, y);
  });
  return [...losses, ...model.parameters()];
}

for (const make of optimizerRows)
  describe(`${make().kind} ${JSON.stringify(make().options)}`, () => {
    const reference = train(make, false);
    for (const backend of backends.flatMap(configurations)) {
      const name = backend.name;
      test(`captured equals eager to the bit on ${name}`, () => {
        const [eager, captured] = [false, true].map((how) => withBackend(backend, () => train(make, how)));
        captured.forEach((tensor, i) => {
          assertSameBits(tensor, eager[i], `tensor ${i}`);
        });
      });
      test(`trains on ${name} as on the reference`, () => {
        withBackend(backend, () => train(make, true)).forEach((tensor, i) => {
          assertClose(tensor, reference[i], { tolerance: 1e-3, name: `tensor ${i}` });
        });
      });
    }
    for (const [first, ...others] of backends.map(configurations))
      if (others.length > 0)
        test(`trains alike to the bit on ${[first, ...others].map(({ name }) => name).join(', ')}`, () => {
          const expected = withBackend(first, () => train(make, true));
          for (const other of others)
            withBackend(other, () => train(make, true)).forEach((tensor, i) => {
              assertSameBits(tensor, expected[i], `tensor ${i} on ${other.name}`);
            });
        });
  });

test('every optimizer has a row', () => {
  const tested = new Set<unknown>(optimizerRows.map((make) => make().constructor));
  const missing = Object.entries(optim).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof Optimizer && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'optimizers without a row in packages/conformance/test/optimizers.test.ts').toEqual([]);
});
