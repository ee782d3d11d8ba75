// `npm test [-- NAME …]`: installs, builds, and runs everything that must hold, or the checks whose name contains a NAME.
// Each check is a line; what a failing one printed follows it. The last line counts every unit test and every check.

import { unitTests } from './unit-tests.mjs';
import { build, install, run } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').Outcome & { passed?: number, failed?: number, remark?: string }} Result */
/** @typedef {readonly [name: string, perform: () => Promise<Result>]} Check */

/**
 * A check that is one command: it holds when the command ends with status 0.
 * @param {string} name
 * @param {...string} words program and arguments
 * @returns {Check}
 */
const command = (name, ...words) => [name, () => run(words, { quiet: true })];

/** Without these nothing else can run. @type {readonly Check[]} */
const preparation = [
  ['install', install],
  ['build', build],
];

/** In the order in which they run: the quickest first. @type {readonly Check[]} */
const checks = [
  command('lint and format', 'biome', 'check', '--error-on-warnings'),
  command('types', 'tsc', '-p', '.'),
  command('dependency direction', process.execPath, 'tools/checks/direction.mjs'),
  command('manifests', 'sherif'),
  command('dead code', 'knip', '--no-progress'),
  command('packed packages', process.execPath, 'tools/checks/packed.mjs'),
  ['unit tests', unitTests],
];

const total = { passed: 0, failed: 0 };

/**
 * Performs one check, prints its line, and counts it.
 * @param {Check} check
 * @returns {Promise<boolean>} whether it held
 */
async function perform([name, action]) {
  process.stdout.write(name.padEnd(24));
  const start = performance.now();
  const { status, output, passed = status === 0 ? 1 : 0, failed = status === 0 ? 0 : 1, remark } = await action();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${failed === 0 ? 'passed' : 'FAILED'} ${seconds.padStart(6)} s${remark ? `   ${remark}` : ''}`);
  if (failed > 0) console.log(`\n${output.trim()}\n`);
  total.passed += passed;
  total.failed += failed;
  return failed === 0;
}

const wanted = process.argv.slice(2);
const chosen = checks.filter(([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(`No check is called ${wanted.join(' or ')}. There are: ${checks.map(([name]) => name).join(', ')}.`);
  process.exit(2);
}

let prepared = true;
for (const check of preparation) prepared = prepared && (await perform(check));
if (prepared) for (const check of chosen) await perform(check);

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
