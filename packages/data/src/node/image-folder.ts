import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { checkCount, checkOptions, OptionError, type Tensor, tensor } from '@nn/tensor';
import { DataError } from '../data-error.js';
import { throwFaults } from '../faults.js';
import { TensorDataset } from '../tensor-dataset.js';
import { luminance } from '../transforms/luminance.js';
import { Resize } from '../transforms/resize.js';
import { pairOf, type Size } from '../transforms/size.js';
import { decodeImage } from './decode-image.js';
import { readDecoded } from './read-idx.js';

export interface ImageFolderOptions {
  /** 3 for colour, 1 for grey. Default 3. */
  readonly channels?: 1 | 3;
  /** Height and width that every image is brought to. Default: their own, which must be the same. */
  readonly size?: Size;
  /** The classes, whose order gives their labels (those of the training folder, say). Default: the folders, sorted. */
  readonly classes?: readonly string[];
}

/** Labelled images from a folder. */
export interface ImageFolder {
  /** x u8 [n, channels, height, width], in batches f32 in 0…1; y i32 [n]. */
  readonly dataset: TensorDataset;
  /** The class of each label. */
  readonly classes: readonly string[];
  /** The file of each sample. */
  readonly paths: readonly string[];
}

/**
 * The PNG and JPEG images of a directory with a folder a class: `folder/cat/17.png` is a cat. Images may lie deeper, and files
 * whose name begins with a dot do not count. Opacity is left out; grey is 0.299 r + 0.587 g + 0.114 b; 16 bits become 8.
 *
 * ```ts
 * const train = await imageFolder('animals/train', { size: 64 });
 * const test = await imageFolder('animals/test', { size: 64, classes: train.classes });
 * ```
 *
 * Errors (DataError): no such directory, or without folders; all files at once that lie in no class, are damaged, are no
 * images, or have another size; a class without an image.
 */
export async function imageFolder(directory: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  checkOptions('imageFolder', options, ['channels', 'size', 'classes']);
  const { channels = 3, size } = options;
  if (channels !== 1 && channels !== 3) throw new OptionError(`imageFolder: channels is 1 or 3, not ${channels}.`);
  if (size !== undefined) for (const side of pairOf(size)) checkCount('imageFolder', 'size', side);
  const { classes, files, faults } = await classified(directory, options.classes);

  const images: Tensor[] = [];
  for (const { path } of files) {
    try {
      images.push(await readImage(path, { channels, size }));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      faults.push(error.message);
    }
  }
  const [height, width] = images[0]?.shape.slice(2) ?? [];
  images.forEach(({ shape: [, , h, w] }, i) => {
    if (faults.length === 0 && (h !== height || w !== width))
      faults.push(`${files[i].path} is ${h} × ${w}, but ${files[0].path} is ${height} × ${width}: give a size`);
  });
  throwFaults(faults, `${directory} cannot be used as it is; correct these or take them out`);

  const data = new Uint8Array(images.length * channels * height * width);
  images.forEach((image, i) => {
    data.set(image.data, i * image.size);
  });
  const x = tensor(data, { shape: [images.length, channels, height, width] });
  const y = tensor(Int32Array.from(files, ({ label }) => label));
  return {
    dataset: new TensorDataset({ x, y, classes: classes.length }),
    classes,
    paths: files.map(({ path }) => path),
  };
}

/** An image file as u8 [1, channels, height, width]. Errors (DataError): unreadable, damaged, no image. */
async function readImage(path: string, { channels, size }: Pick<ImageFolderOptions, 'channels' | 'size'>) {
  const { width, height, data } = decodeImage(await readDecoded(path), path);
  const planes = new Float32Array(3 * height * width);
  for (let i = 0; i < height * width; i++)
    for (let channel = 0; channel < 3; channel++) planes[channel * height * width + i] = data[4 * i + channel];
  const colour = tensor(planes, { shape: [1, 3, height, width] });
  const image = channels === 1 ? luminance(colour) : colour;
  const resized = size === undefined ? image : new Resize({ size }).apply(image);
  return rounded(resized);
}

/** To the nearest byte. */
const rounded = (x: Tensor): Tensor => {
  const y = new Uint8Array(x.size);
  x.data.forEach((value, i) => {
    y[i] = Math.round(value);
  });
  return tensor(y, { shape: x.shape });
};

interface Classified {
  readonly classes: readonly string[];
  readonly files: readonly { readonly path: string; readonly label: number }[];
  readonly faults: string[];
}

/** The files of a directory by class, in alphabetical order, and what is wrong with them. */
async function classified(directory: string, known: readonly string[] | undefined): Promise<Classified> {
  const names = await readdir(directory, { recursive: true }).catch((error: Error) => {
    throw new DataError(`${directory} cannot be read (${error.message}); name a directory with a folder a class.`);
  });
  const visible: { path: string; parts: string[]; isFile: boolean }[] = [];
  for (const name of names.sort()) {
    const path = join(directory, name);
    const parts = name.split(sep);
    if (!parts.some((part) => part.startsWith('.'))) visible.push({ path, parts, isFile: (await stat(path)).isFile() });
  }
  const folders = visible.filter(({ isFile, parts }) => !isFile && parts.length === 1).map(({ parts }) => parts[0]);
  const classes = known ?? folders;
  if (folders.length === 0) throw new DataError(`${directory} has no folders; put the images of each class into one.`);
  const faults: string[] = [];
  const files = visible
    .filter(({ isFile }) => isFile)
    .flatMap(({ path, parts }) => {
      if (parts.length === 1) faults.push(`${path} lies in the folder of no class`);
      const label = classes.indexOf(parts[0]);
      return label < 0 ? [] : [{ path, label }];
    });
  for (const folder of folders)
    if (!classes.includes(folder))
      faults.push(`${join(directory, folder)} is none of the classes ${classes.join(', ')}`);
  for (const [label, name] of classes.entries())
    if (!files.some((file) => file.label === label)) faults.push(`${join(directory, name)} has no image`);
  return { classes, files, faults };
}
