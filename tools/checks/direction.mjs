// Which package may import which, and that no imports go round in a circle. Two kinds may: imports of types alone, and
// ops among themselves, whose derivatives are written with one another and are called only after everything is loaded.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { root } from '../workspace.mjs';

const libraries = ['data', 'layers', 'losses', 'metrics', 'optim', 'tensor', 'train'];

/** What the sources of each package may import of the others. @type {Record<string, readonly string[]>} */
const allowed = {
  tensor: [],
  'native-kernels': ['tensor'],
  layers: ['tensor'],
  losses: ['tensor'],
  metrics: ['tensor'],
  optim: ['tensor'],
  data: ['tensor'],
  testing: ['tensor', 'layers'],
  train: libraries.filter((name) => name !== 'train'),
  io: libraries,
  logs: libraries,
  viz: libraries,
  nn: [...libraries, 'io', 'logs', 'native-kernels', 'viz'],
};

/**
 * Every import and re-export of a source file.
 * @param {string} file
 * @returns {{ target: string, line: number, typesOnly: boolean }[]}
 */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${relative(root, file)}: ${errors[0]?.message}`);
  const line = (/** @type {number} */ offset) => text.slice(0, offset).split('\n').length;
  const fixed = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    target: moduleRequest.value,
    line: line(start),
    typesOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exported = module.staticExports.flatMap(({ start, entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ target: moduleRequest.value, line: line(start), typesOnly: isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports.map(({ start, moduleRequest }) => ({
    target: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    line: line(start),
    typesOnly: false,
  }));
  return [...fixed, ...exported, ...dynamic];
}

/**
 * The first circle in a graph, as the files along it, or undefined.
 * @param {Map<string, readonly string[]>} graph
 */
function circle(graph) {
  const finished = new Set();
  /** @type {string[]} */
  const path = [];
  /** @param {string} file @returns {string[] | undefined} */
  const visit = (file) => {
    if (finished.has(file)) return undefined;
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    path.pop();
    finished.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return undefined;
}

const ops = join('packages', 'tensor', 'src', 'ops');
const faults = [];
/** @type {Map<string, readonly string[]>} */
const graph = new Map();

for (const name of readdirSync(join(root, 'packages'))) {
  if (name !== 'conformance' && !(name in allowed))
    faults.push(`packages/${name}: tools/checks/direction.mjs does not say what it may import.`);
}

for (const [name, targets] of Object.entries(allowed)) {
  const source = join(root, 'packages', name, 'src');
  for (const entry of readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((e) => e.endsWith('.ts'))) {
    const file = join(source, entry);
    const imports = importsOf(file);
    const own = relative(root, file);
    const values = imports
      .filter(({ target, typesOnly }) => target.startsWith('.') && !typesOnly)
      .map(({ target }) => relative(root, join(dirname(file), target.replace(/\.js$/, '.ts'))))
      .filter((other) => dirname(own) !== ops || dirname(other) !== ops);
    graph.set(own, values);
    for (const { target, line } of imports) {
      const other = /^@nn\/([^/]+)/.exec(target)?.[1];
      if (other !== undefined && !targets.includes(other)) {
        const may = targets.length > 0 ? targets.map((t) => `@nn/${t}`).join(', ') : 'no other package';
        faults.push(`${relative(root, file)}:${line}: @nn/${name} may import ${may}, not ${target}.`);
      }
      if (target.startsWith('.') && !join(dirname(file), target).startsWith(source)) {
        faults.push(`${relative(root, file)}:${line}: ${target} lies in another package; import it by its name.`);
      }
    }
  }
}

const round = circle(graph);
if (round) faults.push(`Imports go round in a circle:\n  ${round.join('\n  → ')}`);

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
