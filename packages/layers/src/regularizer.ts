import { add, checkOptions, formatShape, OptionError, Parameter, type Tensor, zeros } from '@nn/tensor';
import type { AnyModule } from './module.js';

export interface RegularizerOptions {
  /**
   * What it counts: 'weights' (the default), without biases and normalisation parameters; 'all'; or state keys of parameters
   * and paths of layers, of which the weights: `['0', 'digit.bias']`.
   */
  readonly of?: 'weights' | 'all' | readonly string[];
  /** What reports call it. Default: its kind. */
  readonly name?: string;
}

/**
 * What large parameters cost, to be added to the loss: one sum over parameters, whatever the batch. Frozen parameters cost
 * nothing. What may be set is in `options`, plain JSON.
 *
 * ```ts
 * new Trainer(model, { optimizer, losses: new CrossEntropy(), regularizers: [new L2({ strength: 1e-4 })] });
 * const loss = add(crossEntropy(model.run(x), y), new L2({ strength: 1e-4 }).penalty(model));    // in a loop of your own
 * ```
 *
 * A regulariser of your own says in `cost` what one parameter costs.
 */
export abstract class Regularizer<O extends RegularizerOptions = RegularizerOptions> {
  /** The name in files and drawings. */
  static readonly kind: string;
  readonly options: Readonly<O>;

  /** @param known The options that it takes besides those of every regulariser. Errors: unknown options; an `of` of another kind. */
  constructor(options: O, known: readonly string[]) {
    checkOptions(this.kind, options, [...known, 'of', 'name']);
    const { of = 'weights' } = options;
    const keys = Array.isArray(of) && of.length > 0 && of.every((key) => typeof key === 'string');
    if (of !== 'weights' && of !== 'all' && !keys)
      throw new OptionError(
        `${this.kind}: of is 'weights', 'all', or keys of parameters and layers such as ['0', '2.bias'], not ${JSON.stringify(of)}.`,
      );
    this.options = Object.freeze({ ...options });
  }

  get kind(): string {
    return (this.constructor as typeof Regularizer).kind;
  }

  /** The name in reports. */
  get name(): string {
    return this.options.name ?? this.kind;
  }

  /** What one parameter costs. Shapes: w [...] → []. */
  protected abstract cost(w: Parameter): Tensor;

  /** What the model's parameters cost, a number. Errors: sizes that are not known yet; keys that the model lacks. */
  penalty(model: AnyModule): Tensor {
    const [first, ...others] = this.#counted(model).map((w) => this.cost(w));
    return first ? others.reduce((sum, cost) => add(sum, cost), first) : zeros([]);
  }

  #counted(model: AnyModule): Parameter[] {
    const { of = 'weights' } = this.options;
    const chosen = new Set(
      typeof of === 'string'
        ? model.parameters().filter(({ decay }) => of === 'all' || decay)
        : of.flatMap((key) => this.#called(key, model)),
    );
    return [...chosen].filter(({ trainable }) => trainable);
  }

  /** The parameter with this key, or the weights of the layer at this path. */
  #called(key: string, model: AnyModule): Parameter[] {
    const parameters = [...model.stateDict()].filter(
      (entry): entry is [string, Parameter] => entry[1] instanceof Parameter,
    );
    const found = parameters.filter(([name, w]) => name === key || (name.startsWith(`${key}.`) && w.decay));
    if (found.length > 0) return found.map(([, w]) => w);
    const known = parameters.map(([name, { shape }]) => `${name} ${formatShape(shape)}`).join(', ');
    throw new OptionError(`${this.kind}: of names "${key}", where the model has no weights; it has ${known}.`);
  }
}
