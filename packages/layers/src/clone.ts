import { makeOnce, mapOptions } from './map-options.js';
import { own, setOwnFrozen } from './mode.js';
import type { AnyModule, Module } from './module.js';
import { buildAside, insideItself } from './topology.js';

/**
 * An independent copy: same structure, same functions, same numbers, each module in its mode, sharing inside kept, nothing
 * shared with the original. Errors: options that are neither JSON, modules nor functions; a module inside itself.
 */
export function clone<M extends AnyModule>(model: M): M {
  const copyOf = makeOnce((module: AnyModule): AnyModule => {
    const options = mapOptions(module, { module: copyOf, function: (f) => f });
    return (module.constructor as typeof Module).fromOptions(options);
  }, insideItself);
  const copy = copyOf(model);
  if (model.inputs) buildAside(copy, model.inputs);
  const originals = model.modules();
  for (const [path, module] of copy.modules()) {
    const mode = originals.get(path)?.[own];
    if (!mode) continue;
    module[own].training = mode.training;
    setOwnFrozen(module, mode.frozen);
  }
  if (model.inputs) {
    copy.loadStateDict(model.stateDict());
    const parameters = model.namedParameters();
    for (const [key, parameter] of copy.namedParameters()) parameter.trainable = parameters.get(key)?.trainable ?? true;
  }
  return copy as M;
}
