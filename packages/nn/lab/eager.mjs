// Times eager mode: `node packages/nn/lab/eager.mjs [NAME …]` after a build. Medians over rounds.

import {
  Adam,
  add,
  backward,
  Conv2d,
  crossEntropy,
  Flatten,
  fill,
  Linear,
  MaxPool2d,
  matmul,
  meanSquaredError,
  multiply,
  noGrad,
  Parameter,
  relu,
  Sequential,
  SGD,
  sum,
  tanh,
  tensor,
  uniform,
} from '@nn/nn';

const wanted = process.argv.slice(2);
const factors = { ns: 1e6, µs: 1e3, ms: 1 };

/**
 * Prints the median time of `work`, divided by `count`.
 * @param {string} name
 * @param {() => unknown} work
 * @param {{ count?: number, unit?: keyof typeof factors }} [options]
 */
function time(name, work, { count = 1, unit = 'ns' } = {}) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
  const start = performance.now();
  let calls = 0;
  for (; performance.now() - start < 150; calls++) work();
  const rounds = Array.from({ length: 11 }, () => {
    const from = performance.now();
    for (let i = 0; i < calls; i += 4) work();
    return (performance.now() - from) / Math.ceil(calls / 4) / count;
  }).sort((a, b) => a - b);
  console.log(`${name.padEnd(32)}${(rounds[5] * factors[unit]).toPrecision(4).padStart(9)} ${unit}`);
}

const x = uniform([4, 4]);
const w = new Parameter(uniform([4, 4]));
const seed = uniform([4, 4]);
const ops = {
  add: () => add(x, w),
  multiply: () => multiply(x, w),
  matmul: () => matmul(x, w),
  relu: () => relu(w),
};
for (const [name, op] of Object.entries(ops)) {
  time(`${name} without tape`, () => noGrad(op));
  time(`${name} with tape`, op);
  time(`${name} with backward`, () => backward(op(), { seed }));
}
const chain = () => {
  let y = add(w, x);
  for (let i = 0; i < 32; i++) y = relu(multiply(y, x));
  return sum(y);
};
time('chain, one of 66 ops', chain, { count: 66 });
time('chain with backward, one op', () => backward(chain()), { count: 66 });

for (const bytes of [16, 256, 1024, 4096, 2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22])
  time(`allocate and fill ${bytes} B`, () => fill([bytes / 4], 1));

/**
 * One eager training step.
 * @param {string} name
 * @param {Sequential} model
 * @param {import('@nn/nn').Optimizer} optimizer
 * @param {(x: import('@nn/nn').Tensor, y: import('@nn/nn').Tensor) => import('@nn/nn').Tensor} loss
 * @param {readonly [x: import('@nn/nn').Tensor, y: import('@nn/nn').Tensor]} batch
 */
function step(name, model, optimizer, loss, [x, y]) {
  time(`step ${name}`, () => optimizer.step(backward(loss(model.run(x), y))), { unit: 'µs' });
}

/**
 * Images and classes.
 * @param {number} batch
 * @param {number[]} shape
 */
const digits = (batch, shape) =>
  /** @type {const} */ ([uniform([batch, ...shape]), tensor(Int32Array.from({ length: batch }, (_, i) => i % 10))]);

step(
  'xor',
  new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 1 })]),
  new SGD({ learningRate: 0.1 }),
  meanSquaredError,
  [uniform([4, 2]), uniform([4, 1])],
);
for (const batch of [32, 128, 512]) {
  const layers = [new Linear({ outFeatures: 128 }), relu, new Linear({ outFeatures: 64 }), relu];
  const mlp = new Sequential([...layers, new Linear({ outFeatures: 10 })]);
  step(`mlp ${batch}`, mlp, new Adam(), crossEntropy, digits(batch, [784]));
}
const lenet = new Sequential([
  new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
  tanh,
  new MaxPool2d({ kernelSize: 2 }),
  new Conv2d({ outChannels: 16, kernelSize: 5 }),
  tanh,
  new MaxPool2d({ kernelSize: 2 }),
  new Flatten({}),
  new Linear({ outFeatures: 120 }),
  tanh,
  new Linear({ outFeatures: 84 }),
  tanh,
  new Linear({ outFeatures: 10 }),
]);
step('lenet 128', lenet, new SGD({ learningRate: 0.01, momentum: 0.9 }), crossEntropy, digits(128, [1, 28, 28]));
