import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const directory = mkdtempSync(join(tmpdir(), 'nn-build-'));
const binary = join(directory, 'build', 'Release', 'nn_kernels.node');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A copy of the package with a single kernel file; unoptimised, it builds in seconds. */
beforeEach(() => {
  for (const name of ['binding.gyp', 'package.json', 'tools']) {
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  rmSync(join(directory, 'cpp'), { recursive: true, force: true });
  cpSync(join(root, 'cpp'), join(directory, 'cpp'), { recursive: true });
  rmSync(join(directory, 'cpp', 'kernels'), { recursive: true });
  mkdirSync(join(directory, 'cpp', 'kernels'));
  cpSync(join(root, 'cpp', 'kernels', 'fill.cc'), join(directory, 'cpp', 'kernels', 'fill.cc'));
  if (!existsSync(join(directory, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  }
});

function build(environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, 'tools', 'build.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, CXXFLAGS: '-O0', ...environment },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** What a build leaves behind, standing for the binary of an earlier one. */
function earlierBinary(): void {
  mkdirSync(dirname(binary), { recursive: true });
  writeFileSync(binary, '');
}

test('without a compiler it says so in one line, succeeds and leaves no binary', () => {
  earlierBinary();
  const { status, output } = build({ CXX: '/bin/false', CC: '/bin/false' });
  expect(status).toBe(0);
  expect(output).toBe('@nn/native-kernels: No C++ compiler; the slower TypeScript kernels will be used.\n');
  expect(existsSync(join(directory, 'build'))).toBe(false);
});

test('a compiler that makes no working programs is none', () => {
  earlierBinary();
  expect(build({ CXX: '/bin/true' }).output).toContain('No C++ compiler');
  expect(existsSync(binary)).toBe(false);
});

const compiler = spawnSync(process.env.CXX ?? 'c++', ['--version']).status === 0;

if (compiler) {
  test('it builds silently, once, and again when something changes', { timeout: 120_000 }, () => {
    expect(build()).toEqual({ status: 0, output: '' });
    expect(existsSync(binary)).toBe(true);
    rmSync(join(directory, 'build', 'Makefile'));
    expect(build()).toEqual({ status: 0, output: '' });
    expect(existsSync(join(directory, 'build', 'Makefile'))).toBe(false);

    writeFileSync(join(directory, 'cpp', 'kernels', 'broken.cc'), 'a broken kernel\n');
    const { status, output } = build();
    expect(status).not.toBe(0);
    expect(output).toContain('broken.cc:1');
    expect(output).toContain('the C++ kernels do not compile');
    expect(existsSync(binary)).toBe(false);
  });
} else {
  test('there is no compiler to test here', () => expect(compiler).toBe(false));
}

const binaryIsHere = existsSync(join(root, 'build', 'Release', 'nn_kernels.node'));

if (binaryIsHere && process.platform === 'linux' && process.arch === 'x64') {
  test.each(['avx2', 'avx512'])('code for newer processors stays apart from the rest: %s', (isa) => {
    const objects = join(root, 'build', 'Release', 'obj.target', `kernels_${isa}`, 'cpp', 'kernels');
    const files = readdirSync(objects)
      .map((file) => join(objects, file))
      .filter((file) => file.endsWith('.o'));
    const { status, stdout } = spawnSync('nm', ['-C', '--defined-only', ...files], { encoding: 'utf8' });
    expect(status).toBe(0);
    const shared = stdout.split('\n').filter((line) => / [WVu] /.test(line) && !line.includes(`nn::${isa}::`));
    expect(shared).toEqual([]);
  });
}
