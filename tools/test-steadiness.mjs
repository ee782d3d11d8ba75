// `npm run test:steadiness`: nothing grows while it trains. The demo's LeNet-5 for five epochs keeps its memory (within 5 %
// from the second epoch's end to the last's) and a responsive event loop (99 % of delays under 20 ms). A small network for
// 100 000 captured steps and 20 000 eager ones keeps its memory (5 %) and its time per step (half as much again, as
// machines are noisy) from the second tenth of the steps to the last.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

/** @typedef {readonly [text: string, holds: boolean]} Finding */

const folder = join(root, 'tools', 'steadiness');

/**
 * Runs Node and reads its last line of output as JSON. Ends the process where that fails.
 * @param {readonly string[]} parameters
 */
async function observe(...parameters) {
  const { status, output } = await run([process.execPath, ...parameters], { quiet: true });
  if (status !== 0) {
    console.error(output);
    process.exit(1);
  }
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/** @returns {Promise<Finding[]>} */
async function epochs() {
  const out = mkdtempSync(join(tmpdir(), 'steadiness-'));
  const hook = pathToFileURL(join(folder, 'observe.mjs')).href;
  const demo = join(root, 'apps', 'mnist-demo', 'dist', 'main.js');
  const seen = await observe('--import', hook, demo, '--epochs', '5', '--out', out);
  rmSync(out, { recursive: true, force: true });
  const { megabytes, ticks, p99, longest } = seen;
  const growth = megabytes.at(-1) / megabytes[1] - 1;
  return [
    [`${ticks} turns of the event loop and ${megabytes.length} epochs seen`, ticks > 200 && megabytes.length === 5],
    [
      `resident memory ${megabytes.join(', ')} MiB after each epoch: ${percent(growth)} since the second`,
      growth < 0.05,
    ],
    [`event loop delayed ${p99.toFixed(1)} ms at the 99th percentile (longest ${longest.toFixed(1)} ms)`, p99 < 20],
  ];
}

/**
 * V8 enlarges the part of its heap where new objects live when many survive; here it has its full size from the start.
 */
const fixedHeap = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/**
 * @param {'captured' | 'eager'} kind
 * @param {number} steps
 * @returns {Promise<Finding[]>}
 */
async function manySteps(kind, steps) {
  const { loss, seen } = await observe(...fixedHeap, join(folder, 'steps.mjs'), kind, `${steps}`);
  const [, second] = seen;
  const last = seen.at(-1);
  const slower = last.microseconds / second.microseconds - 1;
  const growth = last.megabytes / second.megabytes - 1;
  const tenths = (/** @type {'microseconds' | 'megabytes'} */ what, /** @type {number} */ digits) =>
    seen.map((/** @type {any} */ tenth) => tenth[what].toFixed(digits)).join(', ');
  return [
    [`${steps} ${kind} steps learn XOR: loss ${loss.toExponential(1)}`, loss < 1e-3],
    [`µs a step in each tenth: ${tenths('microseconds', 1)}: ${percent(slower)} since the second`, slower < 0.5],
    [`resident MiB after each tenth: ${tenths('megabytes', 0)}: ${percent(growth)} since the second`, growth < 0.05],
  ];
}

const percent = (/** @type {number} */ share) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`;

await ready();
let passed = 0;
let failed = 0;
for (const check of [epochs, () => manySteps('captured', 100_000), () => manySteps('eager', 20_000)]) {
  for (const [text, holds] of await check()) {
    console.log(`${holds ? 'passed' : 'FAILED'}  ${text}`);
    if (holds) passed++;
    else failed++;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
