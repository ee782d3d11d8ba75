// `npm run test:examples [-- NAME …]`: runs every example, or those named, each in a process of its own, and writes the
// table in docs/examples.md from the last result of each. Fails where a result was missed, or where an example of more than
// five seconds spent less than four fifths of them in kernels.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

/**
 * @typedef {{ name: string, reached: number, goal: { atLeast?: number, atMost?: number }, met: boolean }} Figure
 * @typedef {{ example: string, title: string, figures: Figure[], seconds: number, kernelShare: number }} Result
 */

const application = join(root, 'apps', 'examples');
const page = join(root, 'docs', 'examples.md');

/** @param {string} name */
const resultFile = (name) => join(root, 'runs', 'examples', name, 'result.json');

/** @param {string} name @returns {Result | undefined} */
const resultOf = (name) =>
  existsSync(resultFile(name)) ? JSON.parse(readFileSync(resultFile(name), 'utf8')) : undefined;

/** @param {Result} result */
const busy = ({ seconds, kernelShare }) => seconds <= 5 || kernelShare >= 0.8;

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(4)));

/** @param {string} name */
async function perform(name) {
  process.stdout.write(name.padEnd(24));
  rmSync(resultFile(name), { force: true });
  const { status, output } = await run([process.execPath, join(application, 'dist', 'main.js'), name], { quiet: true });
  const result = resultOf(name);
  const good = status === 0 && result !== undefined && busy(result);
  const figures = result?.figures.map((figure) => `${figure.name} ${short(figure.reached)}`).join(', ');
  const time = result && `${result.seconds.toFixed(1)} s, ${(100 * result.kernelShare).toFixed(0)} % in kernels`;
  console.log(`${good ? 'reached' : 'MISSED '}  ${[figures, time].filter(Boolean).join('; ')}`);
  if (status !== 0) console.log(`\n${output.trim()}\n`);
  return good;
}

/** @param {Result} result */
function row({ example, title, figures, seconds, kernelShare }) {
  const list = (/** @type {(figure: Figure) => string} */ say) => figures.map(say).join('<br>');
  const cells = [
    `[${example}](../apps/examples/src/${example}.ts)`,
    title,
    list(({ name, reached }) => `${name} ${short(reached)}`),
    list(({ goal }) => (goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`)),
    seconds.toFixed(1),
    `${(100 * kernelShare).toFixed(0)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** @param {readonly string[]} names */
function writeTable(names) {
  const rows = names.flatMap((name) => resultOf(name) ?? []).map(row);
  const head = ['| example | what it shows | result | wanted | seconds | in kernels |', '|---|---|---|---|---|---|'];
  const table = ['<!-- results -->', ...head, ...rows, '<!-- end of results -->'].join('\n');
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/<!-- results -->.*<!-- end of results -->/s, () => table),
  );
}

await ready();
const all = readdirSync(join(application, 'src')).flatMap((file) => /^(?!main\.)(.*)\.ts$/.exec(file)?.[1] ?? []);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no example ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(2);
}
let missed = 0;
for (const name of wanted.length > 0 ? wanted : all) if (!(await perform(name))) missed++;
writeTable(all);
if (missed > 0) process.exitCode = 1;
