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
  const originals = model.modules();
  const known = [...originals].filter(([path, module]) => module.inputs && (path === '' || !model.inputs));
  for (const [path, { inputs = [] }] of known) buildAside(copy.modules().get(path) as AnyModule, inputs);
  for (const [path, module] of copy.modules()) {
    const mode = originals.get(path)?.[own];
    if (!mode) continue;
    module[own].training = mode.training;
    setOwnFrozen(module, mode.frozen);
  }
  for (const [path, module] of known) copyNumbers(module, copy.modules().get(path) as AnyModule);
  return copy as M;
}

function copyNumbers(from: AnyModule, to: AnyModule): void {
  to.loadStateDict(from.stateDict());
  const parameters = from.namedParameters();
  for (const [key, parameter] of to.namedParameters()) parameter.trainable = parameters.get(key)?.trainable ?? true;
}
