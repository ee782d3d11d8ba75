import { existsSync } from 'node:fs';
import * as nn from '@nn/nn';
import { Failure } from './failure.js';
import { checkUnchanged, type GivenSettings, type Settings } from './settings.js';

/** Writes the trainer to a file, with the settings of the run: before the first step and after each epoch. */
export class Checkpoints implements nn.Callback {
  readonly name = 'settings';

  constructor(
    readonly path: string,
    readonly settings: Settings,
  ) {}

  onStart(_: nn.StartEvent, trainer: nn.Trainer): Promise<void> {
    return nn.save(this.path, trainer);
  }

  onEpochEnd(_: nn.EpochEndEvent, trainer: nn.Trainer): Promise<void> {
    return nn.save(this.path, trainer);
  }

  state(): nn.CallbackState {
    return { values: this.settings, tensors: new Map() };
  }
}

/**
 * The trainer and the settings in a checkpoint; `given` has the kernels now in use as its backend.
 * Errors: no checkpoint, or one with other settings than those given now (Failure); a file that is none (FileError).
 */
export async function readCheckpoint(
  path: string,
  given: GivenSettings,
  { capture }: { readonly capture: boolean },
): Promise<{ trainer: nn.Trainer; settings: Settings }> {
  if (!existsSync(path))
    throw new Failure(`There is no ${path} to go on from; leave out --resume to train from the start.`);
  const classes = { layers: nn, losses: nn, metrics: nn, optim: nn };
  const trainer = await nn.loadTrainer(path, classes, () => ({ capture }));
  const settings = trainer.state().callbacks.settings?.values as Settings | undefined;
  if (!settings?.backend)
    throw new Failure(
      `${path} is no checkpoint of this version of the program; leave out --resume to train from the start.`,
    );
  checkUnchanged(given, settings, path);
  return { trainer, settings };
}
