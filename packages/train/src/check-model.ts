import { butNot, hasMethod } from './in-words.js';

/** Errors: something that cannot be run, such as a list of layers. */
export function checkModel(owner: string, model: unknown): void {
  if (!hasMethod(model, 'run'))
    throw new TypeError(`${owner} needs a model, such as new Sequential([first, second])${butNot(model)}.`);
}
