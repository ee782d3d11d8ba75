import type { AnyModule, Known } from '@nn/layers';
import type { ParameterGroup } from '@nn/optim';
import type { Parameter } from '@nn/tensor';
import type { Position } from '@nn/train';
import { type CallbackState, Trainer, type TrainerOptions, type TrainerState } from '@nn/train';
import type { Contents } from './encode.js';
import { FileError } from './file-error.js';
import { modelContents, rebuild } from './model.js';
import { describeParts, makeParts } from './parts.js';
import { readFile } from './read-file.js';
import { restore, type StoredArrays, snapshot } from './snapshot.js';

/** The classes that a file of a trainer may name, such as the exports of the packages of these names. */
export interface TrainerClasses {
  /** Layers and functions of the model, and regularisers. */
  readonly layers: Known;
  readonly losses: Known;
  readonly metrics?: Known;
  /** Optimizers and schedules. */
  readonly optim: Known;
}

/** A group of an optimizer's parameters, by their state keys. */
type StoredGroup = Omit<ParameterGroup, 'parameters'> & { readonly parameters: readonly string[] };

/** The document `trainer` of a file. */
interface TrainerDocument {
  readonly parts: Readonly<Record<keyof typeof roles, unknown>>;
  readonly position: Position;
  readonly random: TrainerState['random'];
  readonly optimizer: { readonly kind: string; readonly learningRate: number };
  /** The optimizer's groups, their parameters by state key; null where it has none. */
  readonly parameterGroups: readonly StoredGroup[] | null;
  /** Their tensors are in the group `callbacks`, under the position here and their name. */
  readonly callbacks: readonly { readonly name: string; readonly values: unknown }[];
}

/** Which of the classes make which part of a trainer. */
const roles = {
  optimizer: 'optim',
  losses: 'losses',
  regularizers: 'layers',
  metrics: 'metrics',
  schedule: 'optim',
  clip: 'optim',
} as const satisfies Partial<Record<keyof TrainerOptions, keyof TrainerClasses>>;

/** What a file of a trainer holds: its model's file, and what it needs to go on exactly. */
export function trainerContents(trainer: Trainer): Contents {
  const { optimizer, losses, regularizers, metrics, schedule, clip } = trainer;
  const state = trainer.state();
  const { tensors: moments, ...settings } = state.optimizer;
  const callbacks = Object.entries(state.callbacks);
  const document: TrainerDocument = {
    parts: describeParts({ optimizer, losses, regularizers, metrics, schedule, clip }) as TrainerDocument['parts'],
    position: state.position,
    random: state.random,
    optimizer: settings,
    parameterGroups: storedGroups(trainer),
    callbacks: callbacks.map(([name, { values }]) => ({ name, values })),
  };
  const kept = callbacks.flatMap(([, { tensors }], i) =>
    [...tensors].map(([key, value]) => [`${i}.${key}`, value] as const),
  );
  const model = modelContents(trainer.model);
  return {
    kind: 'trainer',
    documents: { ...model.documents, trainer: document },
    groups: { ...model.groups, optimizer: snapshot(moments), callbacks: snapshot(new Map(kept)) },
  };
}

function storedGroups({ optimizer, model }: Trainer): readonly StoredGroup[] | null {
  const { parameterGroups } = optimizer;
  if (!parameterGroups) return null;
  const keys = new Map([...model.namedParameters()].map(([key, parameter]) => [parameter, key]));
  const keyOf = (parameter: Parameter): string => {
    const key = keys.get(parameter);
    if (key === undefined)
      throw new Error("The optimizer's groups have a parameter that is not the model's; no file can name it.");
    return key;
  };
  return parameterGroups.map((group) => ({ ...group, parameters: group.parameters.map(keyOf) }));
}

/** The groups that a file names, with the parameters of the model. */
function restoredGroups(
  groups: TrainerDocument['parameterGroups'],
  model: AnyModule,
): { parameters?: ParameterGroup[] } {
  if (!groups) return {};
  const named = model.namedParameters();
  return {
    parameters: groups.map((group) => ({
      ...group,
      parameters: group.parameters.flatMap((key) => named.get(key) ?? []),
    })),
  };
}

/**
 * Reads a trainer from a file by `save`: its model, losses, metrics, optimizer and schedule, and where it was. With the
 * same data and options, `fit({ ..., resume: true })` goes on bit for bit; random streams are put where they were.
 * `adjust` gives options in place of the file's, such as `capture`.
 * Errors: FileError, as for `loadModel`; a file of a model alone; a loss, metric, optimizer or schedule that `classes` lacks.
 *
 * ```ts
 * const trainer = await loadTrainer('checkpoint.h5', { layers: { ...layers, relu }, losses, metrics, optim });
 * await trainer.fit({ train, epochs: 10, resume: true });
 * ```
 */
export async function loadTrainer(
  path: string,
  classes: TrainerClasses,
  adjust: (model: AnyModule) => Partial<TrainerOptions> = () => ({}),
): Promise<Trainer> {
  const { topology, weights, document, moments, kept } = await readFile(path, (source) => {
    if (source.kind !== 'trainer')
      throw new FileError(
        path,
        `the file holds a ${source.kind}, not a trainer; read it with loadModel or loadStateDict.`,
      );
    return {
      topology: source.document('topology'),
      weights: source.arrays('weights'),
      document: source.document('trainer') as TrainerDocument,
      moments: source.arrays('optimizer'),
      kept: source.arrays('callbacks'),
    };
  });
  const model = rebuild(path, topology, weights, classes.layers);
  const adjusted = adjust(model);
  try {
    const trainer = new Trainer(model, { ...optionsOf(document, classes, adjusted, model), ...adjusted });
    trainer.loadState(stateOf(document, moments, kept));
    return trainer;
  } catch (error) {
    throw new FileError(path, (error as Error).message, error);
  }
}

/** The options that the file gives and `adjusted` does not. */
function optionsOf(
  { parts, parameterGroups }: TrainerDocument,
  classes: TrainerClasses,
  adjusted: Partial<TrainerOptions>,
  model: AnyModule,
): TrainerOptions {
  const wanted = Object.entries(roles).filter(([option]) => !(option in adjusted) && option in parts);
  const made = wanted.map(([option, role]) => [
    option,
    makeParts(
      parts[option as keyof typeof roles],
      classes[role] ?? {},
      option,
      option === 'optimizer' ? restoredGroups(parameterGroups, model) : {},
    ),
  ]);
  return Object.fromEntries(made) as TrainerOptions;
}

function stateOf(document: TrainerDocument, moments: StoredArrays, kept: StoredArrays): TrainerState {
  const { position, random, optimizer, callbacks } = document;
  const tensors = [...restore(kept)];
  const states = callbacks.map(({ name, values }, i): [string, CallbackState] => {
    const own = tensors.filter(([key]) => key.startsWith(`${i}.`));
    return [name, { values, tensors: new Map(own.map(([key, value]) => [key.slice(`${i}.`.length), value])) }];
  });
  return {
    position,
    random,
    optimizer: { ...optimizer, tensors: restore(moments) },
    callbacks: Object.fromEntries(states),
  };
}
