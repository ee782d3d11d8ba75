import type { StateDict } from '@nn/layers';
import type { Tensor } from '@nn/tensor';
import { encode } from './encode.js';
import { readFile } from './read-file.js';
import { restore, snapshot } from './snapshot.js';
import { writeFileAtomically } from './write-atomically.js';

/**
 * Writes tensors by name, such as `model.stateDict()`, to an HDF5 file: a dataset each under `/weights`, bit for bit;
 * one tensor under several names is stored once. Written whole or not at all; the tensors may change at once.
 * Errors: FileError if the file cannot be written.
 */
export async function saveStateDict(path: string, dict: StateDict): Promise<void> {
  const tensors: ReadonlyMap<string, Tensor> = dict instanceof Map ? dict : new Map(Object.entries(dict));
  const contents = { kind: 'state-dict', documents: {}, groups: { weights: snapshot(tensors) } };
  await writeFileAtomically(path, await encode(contents));
}

/**
 * The tensors of a file by `saveStateDict`, or the weights of one by `save`, by name: `model.loadStateDict(…)` takes them.
 * Errors: FileError if the file is missing, damaged or of another origin.
 */
export const loadStateDict = async (path: string): Promise<Map<string, Tensor>> =>
  restore(await readFile(path, (source) => source.arrays('weights')));
