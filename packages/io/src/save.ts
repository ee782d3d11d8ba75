import { type AnyModule, Module } from '@nn/layers';
import { Trainer } from '@nn/train';
import { encode } from './encode.js';
import { modelContents } from './model.js';
import { trainerContents } from './trainer.js';
import { writeFileAtomically } from './write-atomically.js';

/**
 * Writes a model, or a trainer with its model, to one HDF5 file, whole or not at all: the topology, the weights as
 * datasets `/weights/<state key>` with PyTorch's layouts (shared ones once), and for a trainer its losses, metrics,
 * optimizer, schedule, position and random state. What is saved is the state at the call; it may change at once.
 * Errors: something else; FileError if the file cannot be written; a model that is not built or has options that no file can name.
 */
export async function save(path: string, content: AnyModule | Trainer): Promise<void> {
  if (!(content instanceof Module || content instanceof Trainer))
    throw new TypeError('save takes a model or a trainer; for weights alone there is saveStateDict.');
  const contents = content instanceof Module ? modelContents(content) : trainerContents(content);
  await writeFileAtomically(path, await encode(contents));
}
