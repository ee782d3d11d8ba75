import type { Normalization } from '../normalization.js';

/** The four files of MNIST and of the sets made in its image. */
export type FileName =
  | 'train-images-idx3-ubyte'
  | 'train-labels-idx1-ubyte'
  | 't10k-images-idx3-ubyte'
  | 't10k-labels-idx1-ubyte';

/** A set of labelled images in MNIST's four IDX files. */
export interface ImageSet {
  /** The name of its directory in the cache. */
  readonly name: string;
  /** What messages call it. */
  readonly title: string;
  /** SHA-256 of each file, unpacked. */
  readonly checksums: Readonly<Record<FileName, string>>;
  /** Where each file lies, gzipped, under its name with `.gz`; tried in order. */
  readonly mirrors: readonly string[];
  /** Directories where another installer may have put the files. */
  installed(): readonly string[];
  /** How to get the files without a download of ours, as the end of a sentence: "or …". */
  readonly advice: string;
  /** Mean and deviation of the training images. */
  readonly statistics: Normalization;
  /** How many classes there are. */
  readonly classes: number;
}
