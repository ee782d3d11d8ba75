import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { loadAddon } from '../../native-kernels/src/addon.js';
import { kernelsInUse } from './kernels-in-use.js';

const loaded = loadAddon();
const native = 'addon' in loaded ? loaded.addon.kernels() : [];
const inUse = kernelsInUse();

test('the rows launch kernels', () => {
  expect(inUse.size).toBeGreaterThan(70);
});

describe.runIf('addon' in loaded)('a kernel in C++ has the buffers and numbers of its reference', () => {
  test.each(native)('$name', ({ name, buffers, attributes }) => {
    const kernel = inUse.get(name);
    if (!kernel) throw new Error(`no kernel of TypeScript that a row launches is called ${name}`);
    expect(buffers.map((buffer) => `${buffer.access} ${buffer.name}`)).toEqual(
      kernel.bufferNames.map((buffer, i) => `${kernel.accesses[i]} ${buffer}`),
    );
    expect(attributes.map((attribute) => `${attribute.name}${attribute.list ? '[]' : ''}`)).toEqual(
      kernel.attrNames.map((attribute, i) => `${attribute}${kernel.attrKinds[i] === 'numbers' ? '[]' : ''}`),
    );
  });
});

test('kernels that compute say how much, for profiles', () => {
  const movers = ['cast', 'copy', 'fill', 'gatherBytes', 'gatherRows', 'join', 'maxPool2dPick', 'oneHot', 'place'];
  const silent = [...inUse.values()].filter(({ flops }) => !flops).map(({ name }) => name);
  expect(silent.filter((name) => !movers.includes(name))).toEqual([]);
});

test('the native kernels are here wherever there is a compiler', () => {
  const compiler = process.env.CXX ?? 'g++';
  const found = spawnSync(compiler, ['--version']).status === 0;
  expect('addon' in loaded || !found, `${compiler} is here and the native kernels are not: run npm run build`).toBe(
    true,
  );
});
