// What `npm run demo`, `npm test` and `npm run build` share: installing, building, and running one command.
// Runs on a bare Node, before anything is installed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const binaries = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

/** Environment for every command: the workspace's own binaries come first, no colours in a log, no word sent home. */
const environment = {
  ...process.env,
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
  PATH: [binaries, process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/**
 * How a command ended: its exit status (128 + number when a signal killed it), and what it printed when `quiet`.
 * @typedef {{ status: number, output: string }} Outcome
 */

/**
 * Runs a command at the root of the repository and waits for it. Never throws: a command that cannot be started has
 * status 127 and says why in its output.
 *
 * @param {readonly string[]} command program and arguments
 * @param {{ quiet?: boolean, directory?: string, env?: Record<string, string> }} [options]
 *   quiet: collect the output instead of printing it
 * @returns {Promise<Outcome>}
 */
export function run([program, ...parameters], { quiet = false, directory = root, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(/** @type {string} */ (program), parameters, {
      cwd: directory,
      env: { ...environment, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: windows && program !== process.execPath,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: `${program}: ${error.message}\n` }));
    child.on('close', (code, signal) => {
      resolve({ status: code ?? 128 + (signal === null ? 1 : constants.signals[signal]), output });
    });
  });
}

/** Directories of the workspace's projects, relative to the root, sorted: `packages/*`, `apps/*`, `fixtures/*`. */
export function projects() {
  return ['apps', 'fixtures', 'packages'].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group))
          .map((name) => join(group, name))
          .filter((directory) => existsSync(join(root, directory, 'package.json')))
          .sort()
      : [],
  );
}

/**
 * The manifest of a project.
 * @param {string} [directory] relative to the root; the root's own by default
 */
export function manifest(directory = '.') {
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
}

/** What an installation depends on, as a hash; it is written beside the packages once they are installed. */
function installationKey() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...['.', ...projects()].map((p) => join(p, 'package.json'))];
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) {
    hash.update(`\0${file}\0`);
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** True while the installed packages are those that the manifests and the lockfile ask for. */
function installed() {
  const stamp = join(root, 'node_modules', '.installed');
  const present = projects().every((directory) => {
    const { dependencies, devDependencies } = manifest(directory);
    return (!dependencies && !devDependencies) || existsSync(join(root, directory, 'node_modules'));
  });
  return present && existsSync(stamp) && readFileSync(stamp, 'utf8') === installationKey();
}

/**
 * Installs every package of the workspace with the pinned pnpm; instantly when nothing changed, and without a network
 * then.
 * @returns {Promise<Outcome>}
 */
export async function install() {
  if (installed()) return { status: 0, output: '' };
  const { packageManager } = manifest();
  const own = join(root, 'node_modules', 'pnpm', 'package.json');
  const pnpm =
    existsSync(own) && `pnpm@${JSON.parse(readFileSync(own, 'utf8')).version}` === packageManager
      ? ['pnpm']
      : ['npx', '--yes', packageManager];
  const outcome = await run([...pnpm, 'install', '--config.confirmModulesPurge=false'], { quiet: true });
  if (outcome.status === 0) writeFileSync(join(root, 'node_modules', '.installed'), installationKey());
  return outcome;
}

/**
 * Builds every package, and the C++ addon beside them. The addon's build decides by itself whether it is up to date and
 * prints a line when there is no compiler, so turborepo neither caches nor hides it.
 * @returns {Promise<Outcome>}
 */
export async function build() {
  const addon = join(root, 'packages', 'native-kernels');
  const outcomes = await Promise.all([
    run(['turbo', 'run', 'build', '--continue=dependencies-successful', '--log-prefix=none'], { quiet: true }),
    run([process.execPath, join(addon, 'tools', 'build.mjs')], { quiet: true, directory: addon }),
  ]);
  const failed = outcomes.filter(({ status }) => status !== 0);
  return {
    status: failed[0]?.status ?? 0,
    output: (failed.length > 0 ? failed : outcomes.slice(1)).map(({ output }) => output).join(''),
  };
}
