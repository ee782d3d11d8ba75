import {
  type DType,
  formatShape,
  guard,
  inScope,
  noGrad,
  Parameter,
  persistent,
  type Shape,
  ShapeError,
  Tensor,
  zeros,
} from '@nn/tensor';
import { UnbuiltError } from './errors.js';
import { checkLayerOptions } from './options.js';
import { assignState, type StateDict, stateKey } from './state-dict.js';

/** Any module, whatever it takes and gives. */
export type AnyModule = Module<object, readonly Tensor[], unknown>;

/** An input without its batch dimension; f32 unless said. */
export type InputSpec = Shape | { readonly shape: Shape; readonly dtype: DType };

/** Sees every run of a module from outside, and runs it by calling `run`. */
export type RunObserver = <T>(module: AnyModule, inputs: readonly Tensor[], run: () => T) => T;

let observer: RunObserver | undefined;

/** Calls `work` with `observe` around every run of a module in it. */
export function observeRuns<T>(observe: RunObserver, work: () => T): T {
  const outer = observer;
  observer = observe;
  try {
    return work();
  } finally {
    observer = outer;
  }
}

/**
 * A part of a network: tensors in, tensors out, with parameters that training changes.
 *
 * A layer of your own is a class with a `kind` and a `forward`; fields that hold parameters, tensors (saved state) or
 * other modules are found by themselves. Where sizes depend on the input, make the parameters in `setup`.
 *
 * ```ts
 * class Scale extends Module<{ start: number }> {
 *   static override readonly kind = 'Scale';
 *   factor!: Parameter;
 *   protected override setup([, features]: Shape) { this.factor = new Parameter(fill([features], this.options.start)); }
 *   protected forward(x: Tensor) { return multiply(x, this.factor); }
 * }
 * ```
 */
export abstract class Module<O extends object, In extends readonly Tensor[] = [Tensor], Out = Tensor> {
  /** The name in files and drawings. */
  static readonly kind: string = '';
  readonly options: O;
  #name = '';
  #built = false;
  #frozen = false;
  #training = true;
  #inputs: readonly InputSpec[] | undefined;
  readonly #readTraining = () => this.#training;

  /** @param known The options that the layer takes; without it any are. Errors: unknown options; a class without `kind`. */
  constructor(options: O, known?: readonly (keyof O & string)[]) {
    if (this.kind === '')
      throw new Error(`The class ${this.constructor.name} needs: static override readonly kind = '…'.`);
    if (known) checkLayerOptions(this.kind, options, known);
    this.options = options;
  }

  /** Makes the module anew from its options, as files and `clone` do. */
  static fromOptions(options: object): AnyModule {
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this and must make their own kind.
    return Reflect.construct(this, [options]) as AnyModule;
  }

  get kind(): string {
    return (this.constructor as typeof Module).kind;
  }

  /** How the layer does its work; `run` adds its path, its building and its checks. */
  protected abstract forward(...x: In): Out;

  /** Makes the parameters, once, when the shapes of the inputs (batch dimension included) are known. */
  protected setup?(...shapes: Shape[]): void;

  /** The shapes of the inputs where the module states them itself. */
  protected declaredInputs(): readonly InputSpec[] | undefined {
    return undefined;
  }

  /** The modules inside, by the names that state keys and paths use. */
  children(): [name: string, child: AnyModule][] {
    return this.#fields().flatMap(([name, value]): [string, AnyModule][] => {
      if (value instanceof Module) return [[name, value]];
      if (!Array.isArray(value)) return [];
      return value.flatMap((item, i): [string, AnyModule][] =>
        item instanceof Module ? [[`${name}.${i}`, item]] : [],
      );
    });
  }

  /** Computes the outputs; builds the module on first use. Errors: shapes that do not fit, naming the layer's path. */
  run(...x: In): Out {
    return this.#name === '' ? this.#observed(x) : inScope(this.#name, () => this.#observed(x));
  }

  #observed(x: In): Out {
    return observer ? observer(this as unknown as AnyModule, x, () => this.#compute(x)) : this.#compute(x);
  }

  #compute(x: In): Out {
    if (!this.#built) this.#prepare(x);
    return this.forward(...x);
  }

  #prepare(x: In): void {
    for (const input of x)
      if (!(input instanceof Tensor)) throw new TypeError(`${this.#title()} runs on tensors only.`);
    for (const [name, child] of this.children()) child.#name ||= name;
    this.#inputs = x.map(({ shape, dtype }) => {
      if (shape.length === 0)
        throw new ShapeError(`${this.#title()} needs a batch dimension; reshape the scalar to [1, …].`);
      return { shape: shape.slice(1), dtype };
    });
    persistent(() => this.setup?.(...x.map(({ shape }) => shape)));
    this.#built = true;
    if (this.#frozen) for (const [, value] of this.#fields()) if (value instanceof Parameter) value.trainable = false;
  }

  #title(): string {
    return this.#name === '' ? this.kind : `${this.kind} "${this.#name}"`;
  }

  #fields(): [name: string, value: unknown][] {
    return Object.entries(this).filter(([name]) => name !== 'options');
  }

  /** True in training mode, the default; Dropout and BatchNorm behave otherwise in evaluation mode. */
  get training(): boolean {
    return guard(this.#readTraining);
  }

  /** Puts the module and all inside in training mode. */
  train(): this {
    for (const module of this.modules().values()) module.#training = true;
    return this;
  }

  /** Puts the module and all inside in evaluation mode. */
  eval(): this {
    for (const module of this.modules().values()) module.#training = false;
    return this;
  }

  /** Fixes the parameters (or frees them again): they get no gradients, and optimizers leave them alone. */
  freeze(frozen = true): this {
    for (const module of this.modules().values()) {
      module.#frozen = frozen;
      for (const [, value] of module.#fields()) if (value instanceof Parameter) value.trainable = !frozen;
    }
    return this;
  }

  /**
   * Makes all parameters, by a run on zeros in evaluation mode. `inputs` are shapes without the batch dimension; they may
   * be left out where the module states its own. Does nothing where all is built.
   */
  build(...inputs: InputSpec[]): this {
    const specs = inputs.length > 0 ? inputs : (this.declaredInputs() ?? []);
    if (specs.length === 0) {
      this.#requireBuilt();
      return this;
    }
    const modes = [...this.modules().values()].map((module) => [module, module.#training] as const);
    this.eval();
    try {
      noGrad(() => this.run(...(specs.map(exampleOf) as unknown as In)));
    } finally {
      for (const [module, training] of modes) module.#training = training;
    }
    return this;
  }

  /** What the module was built on, without batch dimensions; undefined before. */
  get inputs(): readonly InputSpec[] | undefined {
    return this.#inputs ?? this.declaredInputs();
  }

  /** This module as '' and all inside, each once, by path. */
  modules(): Map<string, AnyModule> {
    const found = new Map<AnyModule, string>();
    const visit = (module: AnyModule, path: string) => {
      if (found.has(module)) return;
      found.set(module, path);
      for (const [name, child] of module.children()) visit(child, join(path, name));
    };
    visit(this as unknown as AnyModule, '');
    return new Map([...found].map(([module, path]) => [path, module]));
  }

  #requireBuilt(): void {
    if (this.#built) return;
    if (this.declaredInputs()) {
      this.build();
      return;
    }
    for (const module of this.modules().values())
      if (module.setup && !module.#built) throw new UnbuiltError(module.#title());
  }

  /** The parameters by state key, each once. Errors: layers whose sizes are not known yet. */
  namedParameters(): Map<string, Parameter> {
    const seen = new Set<Tensor>();
    const all = [...this.stateDict()].filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
    return new Map(all.filter(([, parameter]) => !seen.has(parameter) && seen.add(parameter)));
  }

  /** The parameters, each once. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /**
   * Parameters and saved state by key, named and laid out as in PyTorch. They are the model's own tensors, not copies; a
   * layer that stands in two places appears under both keys.
   */
  stateDict(): Map<string, Tensor> {
    this.#requireBuilt();
    const state = new Map<string, Tensor>();
    const visit = (module: AnyModule, path: string) => {
      for (const [name, value] of module.#fields())
        if (value instanceof Tensor) state.set(join(path, stateKey(name)), value);
      for (const [name, child] of module.children()) visit(child, join(path, name));
    };
    visit(this as unknown as AnyModule, '');
    return state;
  }

  /**
   * Copies the tensors of `dict` over the model's. With `strict: false`, keys that only one side has are left alone.
   * Errors: missing or unexpected keys, other shapes; nothing is changed then.
   */
  loadStateDict(dict: StateDict, { strict = true }: { readonly strict?: boolean } = {}): this {
    assignState(this.stateDict(), dict, strict);
    return this;
  }
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function exampleOf(spec: InputSpec): Tensor {
  const { shape, dtype } = 'shape' in spec ? spec : { shape: spec, dtype: 'f32' as const };
  if (shape.some((size) => size === 0))
    throw new ShapeError(`build: an input of ${formatShape(shape)} has a size of 0.`);
  return zeros([1, ...shape.map((size) => Math.max(size, 1))], { dtype });
}
