import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './workspace.mjs';

/**
 * Runs every unit test in a random order.
 *
 * @param {{ node?: string }} [options] node: the Node that runs them, the current one by default
 * @returns {Promise<import('./workspace.mjs').Outcome & { passed: number, failed: number, remark: string }>}
 *   how many tests passed and failed (a file that cannot be loaded is one failure, and so is a run without tests),
 *   and the seed that gives the same order again (`NN_TEST_SEED`)
 */
export async function unitTests({ node = process.execPath } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'unit-tests-'));
  const file = join(directory, 'report.json');
  const seed = process.env.NN_TEST_SEED ?? `${Date.now() % 1_000_000}`;
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status, output } = await run(
    [node, vitest, 'run', `--sequence.seed=${seed}`, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
    { quiet: true },
  );
  const report = read(file);
  rmSync(directory, { recursive: true, force: true });
  const { passed, skipped } = report;
  const failed = Math.max(report.failed + skipped, status !== 0 || passed === 0 ? 1 : 0);
  const remark = `${passed} passed${skipped > 0 ? `, ${skipped} skipped` : ''}, seed ${seed}`;
  return {
    status: failed > 0 ? status || 1 : 0,
    output: passed + failed > 1 ? output : `${output}No test ran.\n`,
    passed,
    failed,
    remark,
  };
}

/**
 * The counts in vitest's report; all zero when it wrote none.
 * @param {string} file
 */
function read(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const unloadable = testResults.filter(
      (/** @type {{ status: string, assertionResults: unknown[] }} */ result) =>
        result.status === 'failed' && result.assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + unloadable.length, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
