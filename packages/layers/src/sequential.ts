import { checkOptions, inLayer, type Tensor } from '@nn/tensor';
import { type After, currentAfter, runBefore } from './following.js';
import type { Initializer } from './initializers.js';
import { checkDeclared, type InputSpec } from './input-spec.js';
import { asModule, type LayerLike } from './lambda.js';
import { type AnyModule, Module } from './module.js';

export interface SequentialOptions {
  readonly layers: readonly LayerLike[];
  /** The input's shape without the batch dimension, so that sizes are known from the start. */
  readonly input?: InputSpec;
}

/**
 * Layers one after the other. A plain function such as `relu` is a layer too.
 * Shapes: whatever the first takes → whatever the last gives. State keys: `0.weight`, `2.bias`, … by position.
 */
export class Sequential extends Module<SequentialOptions> {
  static override readonly kind = 'Sequential';
  readonly #layers: readonly AnyModule[];

  constructor(layers: readonly LayerLike[], options: Omit<SequentialOptions, 'layers'> = {}) {
    super({ ...options, layers });
    if (!Array.isArray(layers))
      throw new TypeError(`${this.kind} takes its layers as one array: new ${this.kind}([first, second, …]).`);
    checkOptions(this.kind, options, ['input']);
    this.#layers = layers.map((layer, i) => asModule(layer, `Sequential: entry ${i}`));
  }

  static override fromOptions({ layers, ...options }: SequentialOptions): AnyModule {
    return new Sequential(layers, options) as unknown as AnyModule;
  }

  override children(): [string, AnyModule][] {
    return this.#layers.map((layer, i) => [String(i), layer]);
  }

  protected override declaredInputs(): readonly InputSpec[] | undefined {
    return this.options.input && [this.options.input];
  }

  protected forward(x: Tensor): Tensor {
    if (this.options.input) checkDeclared(`The input of ${this.kind}${inLayer()}`, this.options.input, x);
    const after = currentAfter();
    return this.#layers.reduce((value, layer, i) => {
      return runBefore(layer, after && (() => this.#initBefore(i + 1, after)), () => layer.run(value) as Tensor);
    }, x);
  }

  override initBefore(after: After): Initializer {
    return this.#initBefore(0, after);
  }

  /** What the layers from `i` on, and then what is after them, ask for. */
  #initBefore(i: number, after: After): Initializer {
    return i < this.#layers.length ? this.#layers[i].initBefore(() => this.#initBefore(i + 1, after)) : after();
  }
}
