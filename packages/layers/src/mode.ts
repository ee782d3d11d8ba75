import { currentRecorder, Parameter } from '@nn/tensor';
import { fieldsOf } from './fields.js';
import type { AnyModule } from './module.js';

/** Under which a module keeps its own mode: for this package alone. */
export const own: unique symbol = Symbol('own mode');

/** What is set for one module, whatever the modules around it and inside it have. */
export interface Mode {
  training: boolean;
  frozen: boolean;
}

/** Sets the mode of a model and all inside. Errors: a step is being recorded. */
export function setTraining(model: AnyModule, training: boolean): void {
  refuseRecording(model, training ? 'train()' : 'eval()');
  for (const module of model.modules().values()) module[own].training = training;
}

/** Freezes, or frees, a model and all inside. Errors: a step is being recorded. */
export function setFrozen(model: AnyModule, frozen: boolean): void {
  refuseRecording(model, 'freeze()');
  for (const module of model.modules().values()) setOwnFrozen(module, frozen);
}

/** Freezes, or frees, one module's own parameters, and those that it makes later. */
export function setOwnFrozen(module: AnyModule, frozen: boolean): void {
  module[own].frozen = frozen;
  for (const [, value] of fieldsOf(module)) if (value instanceof Parameter) value.trainable = !frozen;
}

/** Gives the modules inside a model that are not in `before` the mode of the model itself. */
export function adoptMode(model: AnyModule, before: ReadonlySet<AnyModule>): void {
  const { training, frozen } = model[own];
  for (const module of model.modules().values()) {
    if (before.has(module)) continue;
    module[own].training = training;
    if (frozen) setOwnFrozen(module, true);
  }
}

/**
 * Puts a model and all inside in evaluation mode; the result puts each module back in the mode that it had itself.
 * Errors: a step is being recorded.
 */
export function enterEvaluation(model: AnyModule): () => void {
  const modes = [...model.modules().values()].map((module) => [module, module[own].training] as const);
  setTraining(model, false);
  return () => {
    for (const [module, training] of modes) module[own].training = training;
  };
}

function refuseRecording({ kind }: AnyModule, what: string): void {
  if (currentRecorder())
    throw new Error(`${kind}: call ${what} outside the captured step; a replay would not call it again.`);
}
