// `npm run test:node-versions`: builds with the current Node, then runs the unit tests on other versions of Node, which
// load the same addon.

import { isAbsolute } from 'node:path';
import { ready } from './ready.mjs';
import { unitTests } from './unit-tests.mjs';
import { run } from './workspace.mjs';

const versions = ['22', '24'];
const total = { passed: 0, failed: 0 };

/**
 * Runs the unit tests on the newest Node of a major version, which the npm package `node` provides.
 * @param {string} version
 */
async function testOn(version) {
  const found = await run(['npx', '--yes', '--package', `node@${version}`, '--call', 'node --print process.execPath'], {
    quiet: true,
  });
  const node = found.output.split('\n').find(isAbsolute);
  if (node === undefined) return { ...found, passed: 0, failed: 1, remark: 'cannot be installed' };
  const { output } = await run([node, '--version'], { quiet: true });
  if (!output.startsWith(`v${version}.`))
    return { output, passed: 0, failed: 1, remark: `is ${output.trim()} instead` };
  const result = await unitTests({ node });
  return { ...result, remark: `${output.trim()}: ${result.remark}` };
}

await ready();
for (const version of versions) {
  const { output, passed, failed, remark } = await testOn(version);
  console.log(`Node ${version}   ${remark}`);
  if (failed > 0) console.log(`\n${output.trim()}\n`);
  total.passed += passed;
  total.failed += failed;
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
