// `npm run test:sanitize`: builds the C++ addon under sanitizers and runs the suites that use it: addresses and undefined
// behaviour, then data races between threads; then valgrind over the kernel laboratory. Ends by building the addon as usual.
// Linux with g++; Debian packages: g++, make, python3, valgrind.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

const addon = join(root, 'packages', 'native-kernels');
const compiler = process.env.CXX ?? 'g++';

/** What every kernel and the thread pool do: the kernels' own suites, and ops, layers and passes on several threads. */
const suites = [
  'packages/native-kernels',
  ...['ops', 'passes', 'lanes', 'blocks'].map((name) => `packages/conformance/test/${name}`),
  // It runs compilers, which do not run with a sanitizer loaded.
  '--exclude=packages/native-kernels/test/build.test.ts',
];

/** @typedef {{ flags: string, libraries: readonly string[], env: Record<string, string> }} Sanitizer */
/** @type {Readonly<Record<string, Sanitizer>>} */
const sanitizers = {
  'addresses and undefined behaviour': {
    flags: '-fsanitize=address,undefined -fno-sanitize-recover=all',
    libraries: ['libasan.so', 'libubsan.so'],
    // Node itself leaks at its end, and loads libraries that define the same names.
    env: { ASAN_OPTIONS: 'detect_leaks=0:detect_odr_violation=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
  },
  threads: {
    flags: '-fsanitize=thread',
    libraries: ['libtsan.so'],
    // Node is not built for it; only what the addon touches counts.
    env: { TSAN_OPTIONS: 'halt_on_error=1:ignore_noninstrumented_modules=1:report_signal_unsafe=0' },
  },
};

/**
 * @param {string} name
 * @param {number} status
 * @param {string} output
 */
function report(name, status, output) {
  console.log(`${name.padEnd(36)}${status === 0 ? 'clean' : 'FAILED'}`);
  if (status !== 0) {
    console.log(output.split('\n').slice(-200).join('\n'));
    process.exitCode = 1;
  }
}

/** @param {string} flags */
const build = (flags) =>
  run([process.execPath, join(addon, 'tools', 'build.mjs')], {
    quiet: true,
    directory: addon,
    env: flags === '' ? {} : { CXXFLAGS: `${flags} -O1 -g1 -fno-omit-frame-pointer`, LDFLAGS: flags },
  });

/** @param {string} library */
const pathOf = (library) => spawnSync(compiler, [`-print-file-name=${library}`], { encoding: 'utf8' }).stdout.trim();

await ready();
try {
  for (const [name, { flags, libraries, env }] of Object.entries(sanitizers)) {
    const built = await build(flags);
    if (built.status !== 0) {
      report(name, built.status, built.output);
      continue;
    }
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    // Without randomised addresses: the shadow memory of sanitizers must lie where they expect it.
    const { status, output } = await run(
      ['setarch', '-R', process.execPath, vitest, 'run', '--testTimeout=600000', '--reporter=dot', ...suites],
      { quiet: true, env: { ...env, LD_PRELOAD: libraries.map(pathOf).join(':') } },
    );
    report(name, status, output);
  }
} finally {
  await build('');
}
const check = await run(['sh', join(addon, 'lab', 'run.sh'), 'check', '1'], { quiet: true });
const laboratory = join(addon, 'build', 'lab', 'check');
const { status, output } =
  check.status === 0
    ? await run(['valgrind', '--error-exitcode=1', '--quiet', laboratory, '1'], { quiet: true })
    : check;
report('valgrind', status, output);
