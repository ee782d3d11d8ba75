// `node steps.mjs captured|eager STEPS`: trains a small network on XOR for so many steps, and prints as JSON the median
// microseconds a step and the resident memory at the end (MiB) of each tenth of them.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';

const [kind = '', steps = ''] = process.argv.slice(2);
/** @type {typeof import('@nn/nn')} */
const nn = await import(pathToFileURL(join(root, 'packages', 'nn', 'dist', 'index.js')).href);

const { x, y } = nn.xor({ target: 'value' }).batch(Int32Array.of(0, 1, 2, 3));
const model = new nn.Sequential(
  [new nn.Linear({ outFeatures: 8 }), nn.tanh, new nn.Linear({ outFeatures: 1 }), nn.sigmoid],
  { input: [2] },
);
const optimizer = new nn.SGD({ learningRate: 0.5 });
const train = (/** @type {import('@nn/nn').Tensor} */ x, /** @type {import('@nn/nn').Tensor} */ y) => {
  const loss = nn.meanSquaredError(model.run(x), y);
  optimizer.step(nn.backward(loss));
  return loss;
};
const step = kind === 'captured' ? nn.capture(train) : train;

const [tenths, blocks] = [10, 200];
const stepsPerBlock = Number(steps) / tenths / blocks;
const seen = [];
let loss = step(x, y).item();
for (let tenth = 0; tenth < tenths; tenth++) {
  const microseconds = [];
  for (let block = 0; block < blocks; block++) {
    const start = performance.now();
    for (let i = 0; i < stepsPerBlock; i++) loss = step(x, y).item();
    microseconds.push((1000 * (performance.now() - start)) / stepsPerBlock);
  }
  microseconds.sort((a, b) => a - b);
  seen.push({ microseconds: microseconds[blocks / 2], megabytes: process.memoryUsage.rss() / 2 ** 20 });
}
console.log(JSON.stringify({ loss, seen }));
