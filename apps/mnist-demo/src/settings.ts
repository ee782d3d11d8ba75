import { Failure } from './failure.js';
import type { ModelName } from './models.js';
import { recipes } from './recipes.js';

/** Everything that decides the numbers of a training run, but the kernels; plain JSON, kept in checkpoints. */
export interface Settings {
  readonly model: ModelName;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** Training images used; null for all. */
  readonly limit: number | null;
  /** Training images held out to be scored after each epoch. */
  readonly validation: number;
}

/** What the user gave of the settings. */
export type GivenSettings = { readonly [K in keyof Settings]?: NonNullable<Settings[K]> };

/** What was given, and the recipe of the model for the rest. */
export function completed({ model = 'lenet', ...given }: GivenSettings): Settings {
  const { epochs, batch } = recipes[model];
  return {
    model,
    epochs: given.epochs ?? epochs,
    batch: given.batch ?? batch,
    seed: given.seed ?? 1,
    limit: given.limit ?? null,
    validation: given.validation ?? 0,
  };
}

/** Errors (Failure): something was given that differs from what `checkpoint` was made with. */
export function checkUnchanged(given: GivenSettings, kept: Settings, checkpoint: string): void {
  for (const name of Object.keys(kept) as (keyof Settings)[]) {
    if (given[name] === undefined || given[name] === kept[name]) continue;
    const made = kept[name] === null ? `without --${name}` : `with --${name} ${kept[name]}`;
    throw new Failure(
      `${checkpoint} was made ${made}, and --resume goes on as it began: leave out --${name} ${given[name]}, or train ` +
        'anew without --resume.',
    );
  }
}
