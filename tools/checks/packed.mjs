// What would be published: every package is packed, and its tarball must resolve and be typed for every user of ES
// modules, carry its licence, run nothing when it is installed, and refer to nothing outside the registry.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { filterProblems, problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { manifest, projects, run } from '../workspace.mjs';

/** @typedef {ReturnType<typeof createPackageFromTarballData>} Tarball */

/** Ways of resolving a module that an ES-module-only package serves; `require` of older Nodes is not one. */
const served = /** @type {const} */ (['node16-esm', 'bundler']);

/**
 * What is wrong with the files and the manifest themselves.
 * @param {Tarball} tarball
 * @param {any} packed its package.json
 */
function contentFaults(tarball, packed) {
  const faults = ['LICENSE', 'README.md']
    .filter((file) => !tarball.fileExists(`/node_modules/${tarball.packageName}/${file}`))
    .map((file) => `${file} is missing`);
  for (const script of ['preinstall', 'install', 'postinstall']) {
    if (packed.scripts?.[script]) faults.push(`it has the script "${script}", which runs while it is installed`);
  }
  if (tarball.fileExists(`/node_modules/${tarball.packageName}/binding.gyp`)) {
    faults.push('it contains binding.gyp, which makes package managers compile while installing');
  }
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
    for (const [name, range] of Object.entries(packed[kind] ?? {})) {
      if (/^(workspace|file|link):/.test(range)) faults.push(`${kind}: ${name} is "${range}"`);
    }
  }
  return faults;
}

/**
 * What is wrong with the ways its modules and types resolve.
 * @param {Tarball} tarball
 */
async function resolutionFaults(tarball) {
  const analysis = await checkPackage(tarball, { excludeEntrypoints: ['./package.json'] });
  if (analysis.types === false) return ['it has no types'];
  const problems = new Set(served.flatMap((resolutionKind) => filterProblems(analysis, { resolutionKind })));
  return [...problems].map((problem) => `${problemKindInfo[problem.kind].title}: ${JSON.stringify(problem)}`);
}

/**
 * What publint says, as lines.
 * @param {Buffer} bytes
 */
async function manifestFaults(bytes) {
  const copy = new Uint8Array(bytes).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: copy }, strict: true });
  return messages.flatMap((message) => formatMessage(message, pkg, { color: false }) ?? []);
}

const scratch = mkdtempSync(join(tmpdir(), 'packed-'));
const names = projects()
  .map((directory) => manifest(directory))
  .filter((package_) => !package_.private)
  .map((package_) => package_.name);

try {
  const filters = names.map((name) => `--filter=${name}`);
  const packing = await run(['pnpm', ...filters, 'pack', '--pack-destination', scratch], { quiet: true });
  if (packing.status !== 0) throw new Error(packing.output);
  const tarballs = readdirSync(scratch).filter((file) => file.endsWith('.tgz'));
  if (tarballs.length !== names.length) throw new Error(`${tarballs.length} of ${names.length} packages were packed.`);
  for (const file of tarballs) {
    const bytes = readFileSync(join(scratch, file));
    const tarball = createPackageFromTarballData(bytes);
    const packed = JSON.parse(tarball.readFile(`/node_modules/${tarball.packageName}/package.json`));
    const faults = [
      ...contentFaults(tarball, packed),
      ...(await resolutionFaults(tarball)),
      ...(await manifestFaults(bytes)),
    ];
    for (const fault of faults) console.error(`${tarball.packageName}: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
