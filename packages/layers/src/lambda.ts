import { inLayer, OptionError, type Tensor } from '@nn/tensor';
import { initBeforeFunction } from './before-function.js';
import type { After } from './following.js';
import type { Initializer } from './initializers.js';
import { type AnyModule, Module } from './module.js';

/** A function of one tensor, such as `relu`; it stands for a layer wherever one does. */
export type TensorFunction = (x: Tensor) => Tensor;

/** What Sequential and Graph take as a layer. */
export type LayerLike = AnyModule | TensorFunction;

/** The name by which a file knows a function: an op's own, or that of its declaration; '' if it has none. */
export const functionName = (f: TensorFunction): string => (f as { opName?: string }).opName ?? f.name;

/** A plain function of a tensor as a layer. To be saved, it must have a name. */
export class Lambda extends Module<{ readonly function: TensorFunction }> {
  static override readonly kind = 'Lambda';

  constructor(options: { readonly function: TensorFunction }) {
    super(options, ['function']);
    if (typeof options.function !== 'function')
      throw new OptionError(`${this.kind} needs a function of a tensor: new ${this.kind}({ function: relu }).`);
  }

  /** What a known activation asks for. Errors: a function that is none. */
  override initBefore(after: After): Initializer {
    const { function: f } = this.options;
    const init = initBeforeFunction(f, after);
    if (init) return init;
    throw new OptionError(
      `The layer${inLayer()} has init 'auto', which does not know what the function ${functionName(f) || 'without a name'} ` +
        "after it asks for; name the initialiser, such as init: 'kaimingNormal'.",
    );
  }

  protected forward(x: Tensor): Tensor {
    return this.options.function(x);
  }
}

/** A module for anything that stands for a layer. Errors: something else. */
export function asModule(layer: LayerLike, place: string): AnyModule {
  if (layer instanceof Module) return layer;
  if (typeof layer === 'function' && !(layer.prototype instanceof Module))
    return new Lambda({ function: layer }) as unknown as AnyModule;
  throw new TypeError(`${place} is not a layer: it must be a module or a function of a tensor.${hintFor(layer)}`);
}

function hintFor(layer: unknown): string {
  if (typeof layer === 'function') return ` Write new ${layer.name}({ … }).`;
  return typeof layer === 'string' ? ` Names of layers are not known: import ${layer} and give it without quotes.` : '';
}
