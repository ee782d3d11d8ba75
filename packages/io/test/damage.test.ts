import fs from 'node:fs';
import { type Tensor, tensor } from '@nn/tensor';
import { beforeEach, expect, test } from 'vitest';
import { decode } from '../src/decode.js';
import { withHdf5 } from '../src/hdf5.js';
import { loadModel, loadStateDict, saveStateDict } from '../src/index.js';
import { temporaryFolder } from './folder.js';

const path = temporaryFolder();
const numbers = Float32Array.from({ length: 1000 }, (_, i) => Math.cos(i));
let bytes: Buffer;

beforeEach(async () => {
  await saveStateDict(path('whole.h5'), { weight: tensor(numbers), other: tensor(new Float64Array([1, 2])) });
  bytes = fs.readFileSync(path('whole.h5'));
});

const load = (content: Uint8Array) => {
  fs.writeFileSync(path('test.h5'), content);
  return loadStateDict(path('test.h5'));
};

const contentOf = (state: ReadonlyMap<string, Tensor>) =>
  [...state].map(([key, { shape, data }]) => [
    key,
    shape,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  ]);

/** A file made with the library itself. */
const foreign = (fill: (file: import('h5wasm').File) => void) =>
  withHdf5(undefined, ({ File }, name, memory) => {
    const file = new File(name, 'w');
    fill(file);
    file.close();
    return memory.readFile(name);
  });

test.each([1, 7, 8, 100, 900, 3000])('a file cut off after %i bytes is refused', async (length) => {
  await expect(load(bytes.subarray(0, length))).rejects.toThrow(
    length < 8 ? /test\.h5: this is not an HDF5 file/ : /test\.h5: the file is truncated or damaged \(HDF5 says: .+\)/,
  );
});

test('a file that lacks its last byte is refused', async () => {
  await expect(load(bytes.subarray(0, -1))).rejects.toThrow(/truncated file: eof = \d+/);
});

test('no flipped bit in a weight goes unnoticed', async () => {
  const start = bytes.indexOf(Buffer.from(numbers.buffer));
  expect(start).toBeGreaterThan(0);
  for (const offset of [0, 1, 1999, 3999]) {
    const damaged = Buffer.from(bytes);
    damaged[start + offset] ^= 4;
    await expect(load(damaged)).rejects.toThrow(/truncated or damaged/);
  }
});

test('a flipped bit anywhere is refused or changes nothing', async () => {
  const expected = contentOf(await load(bytes));
  let refused = 0;
  for (let position = 0; position < bytes.length; position += 17) {
    const damaged = Buffer.from(bytes);
    damaged[position] ^= 1 << (position % 8);
    const loaded = await load(damaged).catch((error: Error) => error);
    if (loaded instanceof Error) {
      refused++;
      expect([position, loaded.name]).toEqual([position, 'FileError']);
    } else {
      expect([position, contentOf(loaded)]).toEqual([position, expected]);
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test.each([
  ['empty', new Uint8Array(0), /the file is empty/],
  ['text', Buffer.from('epoch,loss\n1,0.5\n'), /this is not an HDF5 file/],
  ['zeros', new Uint8Array(5000), /this is not an HDF5 file/],
  [
    'a signature alone',
    Buffer.concat([Buffer.from('89484446', 'hex'), Buffer.from('\r\n\x1a\n'), Buffer.alloc(999)]),
    /damaged/,
  ],
])('%s is not taken for a model', async (_, content, message) => {
  fs.writeFileSync(path('test.h5'), content);
  await expect(loadStateDict(path('test.h5'))).rejects.toThrow(message);
  await expect(loadModel(path('test.h5'), {})).rejects.toThrow(message);
});

test("another program's HDF5 file is named as such", async () => {
  const content = await foreign((file) => file.create_dataset({ name: 'weights', data: new Float32Array(3) }));
  await expect(load(content)).rejects.toThrow(/test\.h5: this HDF5 file was not written by save/);
});

test.each([
  [2, /the file has layout 2, and this code reads up to 1; update @nn\/io/],
  [NaN, /the file has layout undefined/],
])('a layout of version %d is refused', async (version, message) => {
  const content = await foreign((file) => {
    file.create_attribute('format', '@nn/io');
    if (version === 2) file.create_attribute('format_version', version, [], '<i');
  });
  await expect(load(content)).rejects.toThrow(message);
});

test('a fault of the reader is not taken for damage', async () => {
  const fault = new TypeError('undefined is not a function');
  const reading = decode(path('whole.h5'), bytes, () => {
    throw fault;
  });
  await expect(reading).rejects.toBe(fault);
});

test.each<[string, (file: import('h5wasm').File) => void, RegExp]>([
  ['no weights', () => {}, /lacks the group "weights"/],
  ['weights that are no group', (file) => file.create_dataset({ name: 'weights', data: [1] }), /lacks the group/],
  ['a group among them', (file) => file.create_group('weights').create_group('a'), /\/weights\/a is not a dataset/],
  [
    'a link to another file',
    (file) => file.create_group('weights').create_external_link('/etc/passwd', '/x', 'a'),
    /\/weights\/a is not a dataset/,
  ],
  [
    '64-bit integers',
    (file) => file.create_group('weights').create_dataset({ name: 'a', data: new BigInt64Array(2) }),
    /\/weights\/a has the type "<q", which tensors lack; convert it to float32/,
  ],
  [
    'strings',
    (file) => file.create_group('weights').create_dataset({ name: 'a', data: 'hello' }),
    /\/weights\/a has the type "S"/,
  ],
])('%s in a file of ours is an error', async (_, fill, message) => {
  const content = await foreign((file) => {
    file.create_attribute('format', '@nn/io');
    file.create_attribute('format_version', 1, [], '<i');
    file.create_attribute('content', 'state-dict');
    fill(file);
  });
  await expect(load(content)).rejects.toThrow(message);
});
