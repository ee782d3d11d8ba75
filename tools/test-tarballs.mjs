// `npm run test:tarballs`: packs every package as it would be published, with the addon of this machine as its prebuilt
// binary, and installs the tarballs into empty projects by npm: each package alone with what it needs, and the
// meta-package, which must train on the native kernels.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { manifest, projects, root, run } from './workspace.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'tarballs-'));
const packages = projects()
  .map((directory) => manifest(directory))
  .filter((package_) => !package_.private);

/** Packs every package; returns the tarball of each. @returns {Promise<Map<string, string>>} */
async function pack() {
  const addon = join(root, 'packages', 'native-kernels');
  const prebuilds = join(addon, 'prebuilds');
  const binary = join(addon, 'build', 'Release', 'nn_kernels.node');
  const borrowed = existsSync(binary);
  rmSync(prebuilds, { recursive: true, force: true });
  if (borrowed) cpSync(binary, join(prebuilds, `${process.platform}-${process.arch}`, '@nn+native-kernels.node'));
  try {
    const filters = packages.map(({ name }) => `--filter=${name}`);
    const { status, output } = await run(['pnpm', ...filters, 'pack', '--pack-destination', scratch], { quiet: true });
    if (status !== 0) throw new Error(output);
  } finally {
    if (borrowed) rmSync(prebuilds, { recursive: true });
  }
  return new Map(
    packages.map(({ name, version }) => [
      name,
      join(scratch, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
    ]),
  );
}

/**
 * A package of ours and those of ours that it asks for, itself first.
 * @param {string} name
 * @param {Set<string>} [found]
 */
function withNeeds(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies, peerDependencies } = packages.find((package_) => package_.name === name);
  for (const need of Object.keys({ ...dependencies, ...peerDependencies }))
    if (packages.some((package_) => package_.name === need)) withNeeds(need, found);
  return found;
}

/**
 * An empty project with a package installed from tarballs.
 * @param {string} name
 * @param {Map<string, string>} tarballs
 */
async function projectWith(name, tarballs) {
  const directory = join(scratch, name.replace('/', '-'));
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'user', type: 'module', private: true }));
  const files = [...withNeeds(name)].map((need) => /** @type {string} */ (tarballs.get(need)));
  const { status, output } = await run(['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', ...files], {
    directory,
    quiet: true,
  });
  if (status !== 0) throw new Error(`npm install of ${name} failed:\n${output}`);
  return directory;
}

/**
 * Runs a module in a project and returns what it printed.
 * @param {string} directory
 * @param {string} code
 */
async function runIn(directory, code) {
  writeFileSync(join(directory, 'main.js'), code);
  const { status, output } = await run([process.execPath, 'main.js'], { directory, quiet: true });
  if (status !== 0) throw new Error(output);
  return output.trim();
}

/** @param {string} name */
const program = (name) => readFileSync(join(root, 'tools', 'tarballs', name), 'utf8');

/** @type {[name: string, check: (tarballs: Map<string, string>) => Promise<void>][]} */
const checks = [
  ...packages.map(
    ({ name }) =>
      /** @type {(typeof checks)[number]} */ ([
        `${name} alone is imported`,
        async (tarballs) => {
          const directory = await projectWith(name, tarballs);
          await runIn(
            directory,
            `if (Object.keys(await import('${name}')).length === 0) throw new Error('no exports');`,
          );
          if (name !== '@nn/tensor') return;
          const installed = readdirSync(join(directory, 'node_modules')).filter((entry) => !entry.startsWith('.'));
          if (installed.join() !== '@nn' || readdirSync(join(directory, 'node_modules', '@nn')).join() !== 'tensor')
            throw new Error(`@nn/tensor pulls in ${installed.join(', ')}`);
          await runIn(directory, program('gradient.mjs'));
        },
      ]),
  ),
  [
    'the meta-package trains XOR in ten lines, on the native kernels',
    async () => {
      const backend = await runIn(join(scratch, '@nn-nn'), program('xor.mjs'));
      const expected = existsSync(join(root, 'packages', 'native-kernels', 'build', 'Release'))
        ? 'native'
        : 'reference';
      if (backend !== expected) throw new Error(`it ran on ${backend} instead of ${expected}`);
    },
  ],
];

await ready();
let failed = 0;
try {
  const tarballs = await pack();
  for (const [name, check] of checks) {
    const fault = await check(tarballs).then(
      () => undefined,
      (error) => error,
    );
    console.log(`${fault ? 'FAILED' : 'passed'}  ${name}`);
    if (fault) console.log(`\n${fault.message}\n`);
    failed += fault ? 1 : 0;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
