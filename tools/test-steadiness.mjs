// `npm run test:steadiness`: trains the demo's LeNet-5 for five epochs and holds it to a flat memory (within 5 % from the
// first epoch's end to the last's) and a responsive event loop (99 % of delays under 20 ms).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

await ready();
const out = mkdtempSync(join(tmpdir(), 'steadiness-'));
const hook = pathToFileURL(join(root, 'tools', 'steadiness', 'observe.mjs')).href;
const demo = join(root, 'apps', 'mnist-demo', 'dist', 'main.js');
const { status, output } = await run([process.execPath, '--import', hook, demo, '--epochs', '5', '--out', out], {
  quiet: true,
});
rmSync(out, { recursive: true, force: true });
if (status !== 0) {
  console.error(output);
  process.exit(1);
}
const { megabytes, ticks, p99, longest } = JSON.parse(output.trim().split('\n').at(-1) ?? '');
const growth = megabytes.at(-1) / megabytes[0] - 1;
const results = [
  [`${ticks} turns of the event loop and ${megabytes.length} epochs seen`, ticks > 1000 && megabytes.length === 5],
  [`resident memory ${megabytes.join(', ')} MiB after each epoch: ${(100 * growth).toFixed(1)} %`, growth < 0.05],
  [`event loop delayed ${p99.toFixed(1)} ms at the 99th percentile (longest ${longest.toFixed(1)} ms)`, p99 < 20],
];
for (const [text, holds] of results) console.log(`${holds ? 'passed' : 'FAILED'}  ${text}`);
const failed = results.filter(([, holds]) => !holds).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
