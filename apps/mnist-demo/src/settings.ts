import type { BackendName } from './backend.js';
import { Failure } from './failure.js';
import type { ModelName } from './models.js';
import { recipes } from './recipes.js';

/** Everything that decides the numbers of a training run; plain JSON, kept in checkpoints. */
export interface Settings {
  readonly model: ModelName;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** Training images used; null for all. */
  readonly limit: number | null;
  /** Training images held out to be scored after each epoch. */
  readonly validation: number;
  /** The kernels. */
  readonly backend: BackendName;
}

/** What the user gave of the settings. */
export type GivenSettings = { readonly [K in keyof Settings]?: NonNullable<Settings[K]> };

/** What was given, and the recipe of the model for the rest; `backend` is what was chosen. */
export function completed({ model = 'lenet', ...given }: GivenSettings, backend: BackendName): Settings {
  const { epochs, batch } = recipes[model];
  return {
    model,
    epochs: given.epochs ?? epochs,
    batch: given.batch ?? batch,
    seed: given.seed ?? 1,
    limit: given.limit ?? null,
    validation: given.validation ?? 0,
    backend,
  };
}

/** Errors (Failure): something was given that differs from what `checkpoint` was made with. */
export function checkUnchanged(given: GivenSettings, kept: Settings, checkpoint: string): void {
  for (const name of Object.keys(kept) as (keyof Settings)[]) {
    if (given[name] === undefined || given[name] === kept[name]) continue;
    const made = kept[name] === null ? `without --${name}` : `with --${name} ${kept[name]}`;
    const remedy = name === 'backend' ? `pass --backend ${kept.backend}` : `leave out --${name} ${given[name]}`;
    throw new Failure(
      `${checkpoint} was made ${made}, and --resume goes on as it began: ${remedy}, or train anew without --resume.`,
    );
  }
}
