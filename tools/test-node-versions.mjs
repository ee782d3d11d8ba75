// `npm run test:node-versions`: builds with the current Node, then runs the unit tests on other versions of Node, which
// load the same addon.

import { ready } from './ready.mjs';
import { unitTests } from './unit-tests.mjs';
import { run } from './workspace.mjs';

const versions = ['22', '24'];
const total = { passed: 0, failed: 0 };

await ready();
for (const version of versions) {
  process.stdout.write(`Node ${version}: `);
  const found = await run(['npx', '--yes', '--package', `node@${version}`, '--call', 'node --print process.execPath'], {
    quiet: true,
  });
  const node = found.output.trim().split('\n').at(-1);
  const result =
    found.status === 0 ? await unitTests({ node }) : { ...found, passed: 0, failed: 1, remark: 'no such Node' };
  console.log(result.remark);
  if (result.failed > 0) console.log(`\n${result.output.trim()}\n`);
  total.passed += result.passed;
  total.failed += result.failed;
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
