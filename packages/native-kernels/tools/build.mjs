// `pnpm build:addon`: compiles cpp/ to build/Release/nn_kernels.node. Silent when there is nothing to say. Without a compiler
// it says in one line that the TypeScript kernels will be used, and succeeds; with one, a broken build is an error that shows
// the compiler's words.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const buildDirectory = join(root, 'build');
const binary = join(buildDirectory, 'Release', 'nn_kernels.node');
const record = join(buildDirectory, 'fingerprint');
const require = createRequire(import.meta.url);

const fingerprint = fingerprintOfSources();
if (!isCurrent()) build();

/** What a binary depends on: sources, tools and flags. Not on Node's version: Node-API binaries load on all. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'cpp'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(cc|h)$/.test(file),
  );
  for (const file of ['binding.gyp', 'package.json', 'tools/build.mjs', ...sources.sort().map((s) => join('cpp', s))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  for (const name of ['CC', 'CXX', 'CPPFLAGS', 'CFLAGS', 'CXXFLAGS', 'LDFLAGS']) {
    hash.update(`${name}=${process.env[name] ?? ''}\0`);
  }
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

function isCurrent() {
  return existsSync(binary) && existsSync(record) && readFileSync(record, 'utf8') === fingerprint;
}

function build() {
  const compiler = findCompiler();
  const missing = [
    ...(compiler === undefined ? ['C++ compiler'] : []),
    ...(works(process.env.MAKE ?? 'make', ['--version']) ? [] : ['make']),
    ...(works(process.env.PYTHON ?? 'python3', ['--version']) ? [] : ['python3']),
  ];
  if (process.platform === 'win32' || compiler === undefined || missing.length > 0) {
    rmSync(buildDirectory, { recursive: true, force: true });
    const reason =
      process.platform === 'win32' ? 'The C++ kernels are not built on Windows' : `No ${missing.join(', no ')}`;
    console.log(`@nn/native-kernels: ${reason}; the slower TypeScript kernels will be used.`);
    return;
  }
  rmSync(record, { force: true });
  rmSync(binary, { force: true });
  const { status, output } = run(process.execPath, gypCommand(), { CXX: compiler });
  if (status !== 0) {
    rmSync(binary, { force: true });
    console.error(output.replace(/^gyp (info|verb).*\n/gm, '').trim());
    console.error('@nn/native-kernels: the C++ kernels do not compile; the messages are above.');
    process.exitCode = 1;
    return;
  }
  writeFileSync(record, fingerprint);
}

/** The first C++ compiler whose programs run: $CXX alone if it is set. */
function findCompiler() {
  const directory = mkdtempSync(join(tmpdir(), 'nn-compiler-'));
  try {
    const source = join(directory, 'empty.cc');
    const program = join(directory, 'empty');
    writeFileSync(source, 'int main() {}\n');
    const candidates = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
    return candidates.find((candidate) => {
      const [command, ...flags] = candidate.split(/\s+/);
      return works(command, [...flags, source, '-o', program]) && works(program, []);
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function gypCommand() {
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  return [gyp, 'configure', 'build', '--release', '-j', '2', '--loglevel=error', ...headersBesideNode()];
}

/** node-gyp downloads Node's headers unless they lie where a Node installation has them. */
function headersBesideNode() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/**
 * @param {string} command
 * @param {string[]} words
 */
function works(command, words) {
  return run(command, words).status === 0;
}

/**
 * @param {string} command
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} [environment] added to the present one
 */
function run(command, words, environment = {}) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 2 ** 28,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}` };
}
