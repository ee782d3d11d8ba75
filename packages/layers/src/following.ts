import { inLayer, OptionError } from '@nn/tensor';
import { beforeSaturation, type Initializer } from './initializers.js';
import type { AnyModule } from './module.js';

/** How the weights of a layer start, by what comes after it. */
export type After = () => Initializer;

/** The module under way in a first run, and what comes after it. */
let current: { readonly module: AnyModule; readonly after: After } | undefined;

/** What comes after the module that runs; undefined outside first runs, when no weights are made. */
export const currentAfter = (): After | undefined => current?.after;

/** Does `work`, which runs `module`, and tells that module's first run what comes after it. */
export function runBefore<T>(module: AnyModule, after: After | undefined, work: () => T): T {
  return current && after ? withCurrent(module, after, work) : work();
}

/** Does `work`, the first run of `module`, which knows what comes after it by `runBefore`, or else nothing of it. */
export function firstRunOf<T>(module: AnyModule, work: () => T): T {
  return current?.module === module ? work() : withCurrent(module, current ? unknown : nothing, work);
}

function withCurrent<T>(module: AnyModule, after: After, work: () => T): T {
  const outer = current;
  current = { module, after };
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** Before no activation: the end of the model, or another layer with weights. */
export const nothing: After = () => beforeSaturation('linear');

const unknown: After = () => {
  throw new OptionError(
    `The layer${inLayer()} has init 'auto' and runs inside a module that does not say what follows it; ` +
      "name the initialiser, such as init: 'kaimingNormal'.",
  );
};

/** What several ways on ask for. Errors: different things. */
export function agreedInit(wanted: readonly Initializer[]): Initializer {
  const [first = nothing(), ...others] = wanted;
  const text = (init: Initializer) => JSON.stringify(init);
  const other = others.find((init) => text(init) !== text(first));
  if (other)
    throw new OptionError(
      `The layer${inLayer()} has init 'auto', and what follows it asks for ${text(first)} and for ${text(other)}; ` +
        'name one of them as init.',
    );
  return first;
}
