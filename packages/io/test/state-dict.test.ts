import { type Tensor, tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { FileError, loadStateDict, saveStateDict } from '../src/index.js';
import { temporaryFolder } from './folder.js';

const path = temporaryFolder();
const bitsOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');

test('every dtype, odd shape and odd number comes back bit for bit, in order', async () => {
  const halfNaN = new Float32Array(Uint32Array.of(0x7fc00001, 0xffc12345, 0x80000000, 1).buffer);
  const state = {
    floats: tensor(halfNaN, { shape: [2, 2] }),
    doubles: tensor(new Float64Array([Math.PI, -0, Infinity, 5e-324, NaN]), { shape: [5, 1] }),
    integers: tensor(new Int32Array([-(2 ** 31), 2 ** 31 - 1, 0]), { shape: [3] }),
    bytes: tensor(
      new Uint8Array(256).map((_, i) => i),
      { shape: [4, 8, 8] },
    ),
    scalar: tensor(new Float32Array([0.1]), { shape: [] }),
    doubleScalar: tensor(new Float64Array([0.1]), { shape: [] }),
    integerScalar: tensor(new Int32Array([-5]), { shape: [] }),
    byteScalar: tensor(new Uint8Array([200]), { shape: [] }),
    empty: tensor(new Float32Array(0), { shape: [0, 3] }),
    emptyInside: tensor(new Uint8Array(0), { shape: [3, 0] }),
  };
  await saveStateDict(path('all.h5'), state);
  const loaded = await loadStateDict(path('all.h5'));
  expect([...loaded.keys()]).toEqual(Object.keys(state));
  for (const [key, expected] of Object.entries(state)) {
    const actual = loaded.get(key) as Tensor;
    expect([key, actual.dtype, actual.shape, bitsOf(actual)]).toEqual([
      key,
      expected.dtype,
      expected.shape,
      bitsOf(expected),
    ]);
  }
});

test('a tensor of more than one chunk comes back whole', async () => {
  const rows = tensor(
    Float32Array.from({ length: 1301 * 1013 }, (_, i) => Math.sin(i)),
    { shape: [1301, 1013] },
  );
  await saveStateDict(path('rows.h5'), { rows });
  const loaded = (await loadStateDict(path('rows.h5'))).get('rows') as Tensor;
  expect(loaded.shape).toEqual([1301, 1013]);
  expect(bitsOf(loaded)).toBe(bitsOf(rows));
});

test('names that HDF5 would read as paths stay names', async () => {
  const keys = ['.', '..', 'a/b', 'a%2Fb', '/a', 'größe ✓', ' ', '100%'];
  await saveStateDict(path('names.h5'), new Map(keys.map((key, i) => [key, tensor([i])])));
  const loaded = await loadStateDict(path('names.h5'));
  expect([...loaded].map(([key, value]) => [key, value.data[0]])).toEqual(keys.map((key, i) => [key, i]));
});

test('a tensor under two names is stored once', async () => {
  const large = tensor(new Float32Array(50_000).fill(1.5));
  await saveStateDict(path('shared.h5'), { a: large, b: large });
  await saveStateDict(path('copied.h5'), { a: large, b: tensor(large.data.slice()) });
  const [shared, copied] = [await sizeOf('shared.h5'), await sizeOf('copied.h5')];
  expect(shared).toBeGreaterThan(200_000);
  expect(shared).toBeLessThan(210_000);
  expect(copied).toBeGreaterThan(400_000);
  const loaded = await loadStateDict(path('shared.h5'));
  expect(loaded.get('b')?.data).toEqual(large.data);
});

test('what is saved is the state at the call, whatever changes while it is written', async () => {
  const weight = tensor([1, 2, 3]);
  const saving = saveStateDict(path('then.h5'), { weight });
  weight.assign(tensor([9, 9, 9]));
  await saving;
  expect([...((await loadStateDict(path('then.h5'))).get('weight')?.data ?? [])]).toEqual([1, 2, 3]);
});

test('no tensors are a file too', async () => {
  await saveStateDict(path('none.h5'), {});
  expect((await loadStateDict(path('none.h5'))).size).toBe(0);
});

test('a missing file says so', async () => {
  const error = await loadStateDict(path('nowhere.h5')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).path).toBe(path('nowhere.h5'));
  expect((error as FileError).message).toMatch(
    /nowhere\.h5: cannot be read: no such file or directory; check the path/,
  );
  await expect(loadStateDict(path(''))).rejects.toThrow(/it is a directory, where a file is needed/);
});

const sizeOf = async (name: string) => (await import('node:fs')).statSync(path(name)).size;
