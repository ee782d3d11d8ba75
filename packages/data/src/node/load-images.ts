import { join } from 'node:path';
import { checkOptions, formatShape, reshape, type Tensor } from '@nn/tensor';
import { checkLabels } from '../check-data.js';
import { DataError } from '../data-error.js';
import { parseIdx } from '../idx.js';
import type { Normalization } from '../normalization.js';
import { TensorDataset } from '../tensor-dataset.js';
import { type DownloadOptions, download } from './download.js';
import type { FileName, ImageSet } from './image-set.js';
import { cacheDirectory, find } from './locate.js';
import { readDecoded } from './read-idx.js';
import { sha256 } from './sha256.js';

export interface ImageOptions extends DownloadOptions {
  /** The training images or the test images. */
  readonly split: 'train' | 'test';
  /** The directory of the IDX files, gzipped or not. Default: wherever they are found, else downloaded to the cache. */
  readonly data?: string;
  /** The directory for downloads. Default: NN_DATA, else `nn` in XDG_CACHE_HOME, else `.cache/nn` in the home directory. */
  readonly cache?: string;
  /** Normalises the images; true: by the training images' own mean and deviation. Default false: pixels are 0…1. */
  readonly normalize?: boolean | Normalization;
  /** False to accept other files than the originals: labelled images of your own in this format. Default true. */
  readonly verify?: boolean;
  /** False to give an error rather than to download. Default true. */
  readonly download?: boolean;
}

const optionNames = [
  ...['split', 'data', 'cache', 'normalize', 'verify', 'download'],
  ...['onProgress', 'signal', 'patience', 'fetch'],
];

/**
 * One split of a set as x u8 [n, 1, height, width], in batches f32, and y u8 [n], in batches i32.
 * Errors (DataError): see `mnist`.
 */
export async function loadImages(set: ImageSet, options: ImageOptions): Promise<TensorDataset> {
  checkOptions(set.title, options, optionNames);
  const { split, normalize = false } = options;
  if (split !== 'train' && split !== 'test')
    throw new DataError(`${set.title} has no split "${split}"; use 'train' or 'test'.`);
  const prefix = split === 'train' ? 'train' : 't10k';
  const images = await loadFile(set, `${prefix}-images-idx3-ubyte`, options);
  const labels = await loadFile(set, `${prefix}-labels-idx1-ubyte`, options);
  expect(images, { axes: ['images', 'height', 'width'] });
  expect(labels, { axes: ['labels'] });
  const [count, height, width] = images.tensor.shape;
  if (labels.tensor.size !== count) {
    const counts = `${labels.path} has ${labels.tensor.size} labels, but ${images.path} has ${count} images`;
    throw new DataError(`${counts}. Put two files side by side that belong together.`);
  }
  checkLabels(labels.tensor, { classes: set.classes, name: labels.path });
  return new TensorDataset({
    x: reshape(images.tensor, [count, 1, height, width]),
    y: labels.tensor,
    normalize: normalize === true ? set.statistics : normalize || undefined,
  });
}

interface LoadedFile {
  readonly path: string;
  readonly tensor: Tensor;
}

async function loadFile(set: ImageSet, file: FileName, options: ImageOptions): Promise<LoadedFile> {
  options.signal?.throwIfAborted();
  const path = await locate(set, file, options);
  const bytes = await readDecoded(path);
  const tensor = parseIdx(bytes, { name: path });
  if (options.verify === false) return { path, tensor };
  const [expected, got] = [set.checksums[file], sha256(bytes)];
  if (got !== expected) {
    throw new DataError(
      `${path} is not ${set.title}'s original: its SHA-256 is ${got}, expected ${expected}. Delete it or replace it ` +
        'with the original; for images of your own, pass verify: false.',
    );
  }
  return { path, tensor };
}

/** The path of a file that exists, if need be since its download. */
async function locate(set: ImageSet, file: FileName, options: ImageOptions): Promise<string> {
  const { data, cache = cacheDirectory(), download: allowed = true } = options;
  if (data !== undefined) {
    const path = find(data, file);
    if (path) return path;
    throw new DataError(`${join(data, file)} does not exist, nor with .gz; put it there, or leave out the directory.`);
  }
  const kept = join(cache, set.name);
  for (const directory of [...set.installed(), kept]) {
    const path = find(directory, file);
    if (path) return path;
  }
  const advice = `Put ${set.title}'s four IDX files into ${kept}, ${set.advice}.`;
  if (!allowed) throw new DataError(`${file} was not found, and downloads are off. ${advice}`);
  const path = join(kept, file);
  const urls = set.mirrors.map((mirror) => `${mirror}/${file}.gz`);
  await download(urls, { ...options, path, checksum: set.checksums[file] }).catch((error: unknown) => {
    throw error instanceof DataError ? new DataError(`${error.message}\n${advice}`) : error;
  });
  return path;
}

/** Errors: another number of dimensions, or numbers that are not bytes. */
function expect({ path, tensor: { shape, dtype } }: LoadedFile, { axes }: { readonly axes: readonly string[] }): void {
  if (shape.length === axes.length && dtype === 'u8') return;
  const found = `${formatShape(shape)} ${dtype}`;
  throw new DataError(`${path} holds ${found}, not [${axes.join(', ')}] u8; put the right file under this name.`);
}
