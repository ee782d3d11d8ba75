import { type AnyModule, fromTopology, type Known, type Topology, toTopology } from '@nn/layers';
import type { Contents } from './encode.js';
import { FileError } from './file-error.js';
import { readFile } from './read-file.js';
import { restore, type StoredArrays, snapshot } from './snapshot.js';

/** What a file of a model holds. Errors: a model that is not built, or with options that no file can name. */
export const modelContents = (model: AnyModule): Contents => ({
  kind: 'model',
  documents: { topology: toTopology(model) },
  groups: { weights: snapshot(model.stateDict()) },
});

/**
 * Reads a model from a file by `save`, be it of a model or of a trainer: built, with its weights, in evaluation mode.
 * `classes` are the layers and functions that it may use, such as `{ ...layers, MyLayer, relu }`; no code comes from the
 * file. Errors: FileError if the file is missing, damaged, of another origin or newer, names a layer that `classes`
 * lacks, or holds weights that do not fit.
 *
 * ```ts
 * const model = await loadModel<Sequential>('model.h5', { ...layers, relu });
 * ```
 */
export async function loadModel<M extends AnyModule = AnyModule>(path: string, classes: Known): Promise<M> {
  const [topology, weights] = await readFile(path, (source) => {
    if (source.kind === 'state-dict')
      throw new FileError(path, 'the file holds weights alone; build the model and read them with loadStateDict.');
    return [source.document('topology'), source.arrays('weights')] as const;
  });
  return rebuild(path, topology, weights, classes).eval() as M;
}

/** A model of what a file holds. */
export function rebuild(path: string, topology: unknown, weights: StoredArrays, classes: Known): AnyModule {
  try {
    return fromTopology(topology as Topology, classes).loadStateDict(restore(weights));
  } catch (error) {
    throw new FileError(path, (error as Error).message, error);
  }
}
