import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../src/index.js';
import type { FileName, ImageSet } from '../src/node/image-set.js';
import { fashionMnist, fashionMnistClasses, mnist, readIdx } from '../src/node/index.js';
import { loadImages } from '../src/node/load-images.js';
import { cacheDirectory } from '../src/node/locate.js';
import { sha256 } from '../src/node/sha256.js';
import { idxFile } from './idx-file.js';

const pixels = Array.from({ length: 12 }, (_, i) => i * 20);
const files: Record<FileName, Uint8Array> = {
  'train-images-idx3-ubyte': idxFile(8, [3, 2, 2], pixels),
  'train-labels-idx1-ubyte': idxFile(8, [3], [4, 0, 2]),
  't10k-images-idx3-ubyte': idxFile(8, [1, 2, 2], [9, 9, 9, 9]),
  't10k-labels-idx1-ubyte': idxFile(8, [1], [1]),
};
const names = Object.keys(files) as FileName[];

let directory: string;
let installed: string[];
const set: ImageSet = {
  name: 'small',
  title: 'Small',
  checksums: Object.fromEntries(names.map((name) => [name, sha256(files[name])])) as Record<FileName, string>,
  mirrors: ['https://one.example/small', 'https://two.example/small'],
  installed: () => installed,
  advice: 'or draw them',
  statistics: { mean: 0.5, deviation: 0.25 },
  classes: 5,
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'images-'));
  installed = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const put = (name: FileName, bytes: Uint8Array = files[name], as: string = name) =>
  writeFileSync(join(directory, as), bytes);

/** A server that answers as `answer` says; `asked` are the addresses that were fetched. */
function server(answer: (url: string, name: FileName) => Response | Error) {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const url = String(input);
    asked.push(url);
    init?.signal?.throwIfAborted();
    const response = answer(url, url.split('/').at(-1)?.replace('.gz', '') as FileName);
    if (response instanceof Error) throw response;
    return response;
  };
  return { asked, fetch };
}
const gzipped = (_: string, name: FileName) => {
  const body = new Uint8Array(gzipSync(files[name]));
  return new Response(body, { headers: { 'content-length': `${body.length}` } });
};
const noServer = server(() => new Error('the network was used'));

describe('labelled images from a directory', () => {
  it('are read, gzipped or not, under either spelling', async () => {
    put('train-images-idx3-ubyte', gzipSync(files['train-images-idx3-ubyte']), 'train-images-idx3-ubyte.gz');
    put('train-labels-idx1-ubyte', undefined, 'train-labels.idx1-ubyte');
    const data = await loadImages(set, { split: 'train', data: directory });
    expect([data.length, data.x.shape, data.x.dtype]).toEqual([3, [3, 1, 2, 2], 'u8']);
    const { x, y } = data.batch(Int32Array.of(2, 0));
    expect(Array.from(x.data)).toEqual([160, 180, 200, 220, 0, 20, 40, 60].map((byte) => Math.fround(byte / 255)));
    expect([y.dtype, y.toArray()]).toEqual(['i32', [2, 4]]);
  });

  it('are normalised by the statistics of the set, or by those given', async () => {
    put('t10k-images-idx3-ubyte');
    put('t10k-labels-idx1-ubyte');
    const pixel = async (normalize: boolean | { mean: number; deviation: number }) =>
      (await loadImages(set, { split: 'test', data: directory, normalize })).get(0).x.data[0];
    expect(await pixel(false)).toBeCloseTo(9 / 255, 6);
    expect(await pixel(true)).toBeCloseTo((9 / 255 - 0.5) / 0.25, 5);
    expect(await pixel({ mean: 0, deviation: 2 })).toBeCloseTo(9 / 255 / 2, 6);
  });

  const images = files['train-images-idx3-ubyte'];
  it.each([
    [
      'missing',
      undefined,
      undefined,
      /train-images-idx3-ubyte does not exist, nor with \.gz; put it there, or leave out/,
    ],
    ['cut short', images.subarray(0, 20), undefined, /train-images-idx3-ubyte is cut short: it has 20 bytes of 28/],
    ['too long', new Uint8Array([...images, 1]), undefined, /train-images-idx3-ubyte is too long/],
    [
      'of another kind',
      images.with(0, 77),
      undefined,
      /train-images-idx3-ubyte is no IDX file: its magic number is 4d/,
    ],
    [
      'half a gzip file',
      gzipSync(images).subarray(0, 30),
      undefined,
      /is a damaged gzip file \(unexpected end of file\)/,
    ],
    [
      'changed',
      images.with(20, 77),
      undefined,
      /train-images-idx3-ubyte is not Small's original: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}\. Delete it or replace it/,
    ],
    [
      'labels',
      files['train-labels-idx1-ubyte'],
      false,
      /holds \[3\] u8, not \[images, height, width\] u8; put the right file/,
    ],
    ['signed', idxFile(9, [3, 2, 2], pixels), false, /holds \[3, 2, 2\] i32, not \[images, height, width\] u8/],
    [
      'fewer',
      idxFile(8, [1, 2, 2], [1, 2, 3, 4]),
      false,
      /labels-idx1-ubyte has 3 labels, but .* has 1 images\. Put two/,
    ],
  ])('are refused with the reason: %s', async (_, bytes, verify, message) => {
    if (bytes) put('train-images-idx3-ubyte', bytes);
    put('train-labels-idx1-ubyte');
    const loading = loadImages(set, { split: 'train', data: directory, verify, fetch: noServer.fetch });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow(DataError);
    expect(noServer.asked).toEqual([]);
  });

  it('must have labels that are classes', async () => {
    put('train-images-idx3-ubyte');
    put('train-labels-idx1-ubyte', idxFile(8, [3], [4, 12, 2]));
    const loading = loadImages(set, { split: 'train', data: directory, verify: false });
    await expect(loading).rejects.toThrow(/train-labels-idx1-ubyte: label 12 at position 1 is outside 0…4/);
  });

  it('are of a split that exists', async () => {
    const split = 'validation' as 'train';
    await expect(loadImages(set, { split })).rejects.toThrow(`Small has no split "validation"; use 'train' or 'test'`);
  });
});

describe('labelled images from elsewhere', () => {
  it('are found where another installer put them, before any download', async () => {
    installed = [join(directory, 'nowhere'), directory];
    put('train-images-idx3-ubyte');
    put('train-labels-idx1-ubyte');
    const data = await loadImages(set, { split: 'train', cache: join(directory, 'cache'), fetch: noServer.fetch });
    expect(data.length).toBe(3);
  });

  it('are downloaded to the cache once, unpacked, with progress', async () => {
    const { asked, fetch } = server(gzipped);
    const progress: [string, number, number | undefined][] = [];
    const options = { split: 'train' as const, cache: directory, fetch };
    await loadImages(set, {
      ...options,
      onProgress: ({ url, received, total }) => progress.push([url, received, total]),
    });
    const urls = ['images-idx3', 'labels-idx1'].map((name) => `https://one.example/small/train-${name}-ubyte.gz`);
    expect(asked).toEqual(urls);
    expect(progress.map(([url]) => url)).toEqual(urls);
    for (const [, received, total] of progress) expect(received).toBe(total);
    expect(readdirSync(join(directory, 'small')).toSorted()).toEqual(names.filter((name) => name.startsWith('train')));
    expect((await loadImages(set, options)).length).toBe(3);
    expect(asked.length).toBe(2);
  });

  it('come from the next server when one fails or gives other bytes', async () => {
    const { asked, fetch } = server((url, name) => {
      if (url.includes('two')) return gzipped(url, name);
      return name.includes('images') ? new Response('gone', { status: 404 }) : new Response('<html>Sign in</html>');
    });
    const data = await loadImages(set, { split: 'train', cache: directory, fetch });
    expect(data.length).toBe(3);
    expect(asked.map((url) => new URL(url).host)).toEqual(['one.example', 'two.example', 'one.example', 'two.example']);
  });

  it('that no server gives are an error with every reason and what to do, and leave nothing behind', async () => {
    const refused = Object.assign(new TypeError('fetch failed'), { cause: new Error('connect ECONNREFUSED') });
    const { fetch } = server((url) => (url.includes('one') ? refused : new Response(new Uint8Array([31, 139, 8]))));
    const loading = loadImages(set, { split: 'train', cache: directory, fetch });
    await expect(loading).rejects.toThrow(DataError);
    await expect(loading).rejects.toThrow(/could not be downloaded:\n {2}https:\/\/one\.\S+: connect ECONNREFUSED\n/);
    await expect(loading).rejects.toThrow(/two\.\S+: what came is a damaged gzip file/);
    await expect(loading).rejects.toThrow(`Put Small's four IDX files into ${join(directory, 'small')}, or draw them.`);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('whose download is given up leave nothing behind', async () => {
    const controller = new AbortController();
    const { fetch, asked } = server(gzipped);
    const reason = new Error('enough');
    const onProgress = () => controller.abort(reason);
    const loading = loadImages(set, { split: 'train', cache: directory, fetch, onProgress, signal: controller.signal });
    await expect(loading).rejects.toBe(reason);
    expect(asked.length).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are not downloaded against the will of the caller', async () => {
    const loading = loadImages(set, { split: 'test', cache: directory, download: false, fetch: noServer.fetch });
    await expect(loading).rejects.toThrow('t10k-images-idx3-ubyte was not found, and downloads are off. Put Small');
  });

  it('cannot be kept in a cache that is a file', async () => {
    put('train-images-idx3-ubyte', undefined, 'small');
    const { fetch } = server(gzipped);
    const loading = loadImages(set, { split: 'train', cache: directory, fetch });
    await expect(loading).rejects.toThrow(/small\S+ cannot be written \(.*\); choose another directory/);
    expect(readdirSync(directory)).toEqual(['small']);
  });

  it('are kept where the environment says', () => {
    vi.stubEnv('NN_DATA', '');
    vi.stubEnv('XDG_CACHE_HOME', '/caches');
    expect(cacheDirectory()).toBe(join('/caches', 'nn'));
    vi.stubEnv('NN_DATA', '/data');
    expect(cacheDirectory()).toBe('/data');
  });
});

describe('readIdx', () => {
  it('says what is wrong with a path', async () => {
    await expect(readIdx(join(directory, 'none'))).rejects.toThrow(/none does not exist; check the path\.$/);
    await expect(readIdx(directory)).rejects.toThrow(/is a directory; name a file in it\.$/);
  });
});

describe('MNIST', () => {
  it('is read from the npm package: 60 000 digits, the originals', async () => {
    const data = await mnist({ split: 'train', normalize: true, fetch: noServer.fetch });
    expect([data.length, data.x.shape, data.x.dtype]).toEqual([60_000, [60_000, 1, 28, 28], 'u8']);
    const { x, y } = data.batch(Int32Array.of(0, 1, 2, 3, 59_999));
    expect([x.shape, y.toArray()]).toEqual([
      [5, 1, 28, 28],
      [5, 0, 4, 1, 8],
    ]);
    const counts = Array<number>(10).fill(0);
    for (const label of data.y.data) counts[label]++;
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  it('has 10 000 digits to test with', async () => {
    const data = await mnist({ split: 'test', fetch: noServer.fetch });
    expect([data.length, data.batch(Int32Array.of(0, 1, 2, 9999)).y.toArray()]).toEqual([10_000, [7, 2, 1, 6]]);
  });
});

describe('Fashion-MNIST', () => {
  it('takes nothing but the originals, unless told otherwise', async () => {
    for (const name of names) put(name);
    const load = (verify: boolean) =>
      fashionMnist({ split: 'train', data: directory, verify, normalize: true, fetch: noServer.fetch });
    await expect(load(true)).rejects.toThrow(/is not Fashion-MNIST's original: its SHA-256/);
    const { x, y } = (await load(false)).batch(Int32Array.of(0));
    expect(x.data[1]).toBeCloseTo((20 / 255 - 0.286) / 0.353, 5);
    expect(fashionMnistClasses[y.data[0]]).toBe('Coat');
    expect(fashionMnistClasses).toHaveLength(10);
  });
});
