import { checkOptions, guard, inScope, noGrad, Parameter, persistent, type Shape, Tensor } from '@nn/tensor';
import { InputCountError, UnbuiltError } from './errors.js';
import { fieldsOf, rememberFields } from './fields.js';
import { allOrNothing } from './first-run.js';
import { type After, firstRunOf, nothing } from './following.js';
import type { Initializer } from './initializers.js';
import { exampleOf, type InputSpec, specOf } from './input-spec.js';
import { enterEvaluation, type Mode, own, setFrozen, setOwnFrozen, setTraining } from './mode.js';
import { checkLayerOptions } from './options.js';
import { currentObserver } from './run-observer.js';
import { assignState, type StateDict, stateKey } from './state-dict.js';

/** Any module, whatever it takes and gives. */
export type AnyModule = Module<object, readonly Tensor[], unknown>;

/**
 * A part of a network: tensors in, tensors out, with parameters that training changes.
 *
 * A layer of your own is a class with a `kind` and a `forward`; fields that hold parameters, tensors (saved state) or
 * other modules, or arrays of them, are found by themselves, but for `#private` ones. Where sizes depend on the input, make
 * the parameters in `setup`. Inputs that may be left out are taken as `...x`, as the parameters of `forward` are counted.
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
  #inputs: readonly InputSpec[] | undefined;
  readonly [own]: Mode = { training: true, frozen: false };
  readonly #readTraining = () => this[own].training;
  readonly #takesInit: boolean;

  /** @param known The options that the layer takes; without it any are. Errors: unknown options; a class without `kind`. */
  constructor(options: O, known?: readonly (keyof O & string)[]) {
    if (this.kind === '')
      throw new Error(`The class ${this.constructor.name} needs: static override readonly kind = '…'.`);
    if (known) checkLayerOptions(this.kind, options, known);
    this.options = options;
    this.#takesInit = (known as readonly string[] | undefined)?.includes('init') ?? false;
  }

  /** Makes the module anew from its options, as files and `clone` do. */
  static fromOptions(options: object): AnyModule {
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this and must make their own kind.
    return Reflect.construct(this, [options]) as AnyModule;
  }

  get kind(): string {
    return (this.constructor as typeof Module).kind;
  }

  /** For containers that have come to hold more modules: `options` make them so, and the next run builds what is new. */
  protected grown(options: O): void {
    Object.assign(this, { options });
    this.#built = false;
  }

  /** How the layer does its work; `run` adds its path, its building and its checks. */
  protected abstract forward(...x: In): Out;

  /** Makes the parameters, once, when the shapes of the inputs (batch dimension included) are known. */
  protected setup?(...shapes: Shape[]): void;

  /** The shapes of the inputs where the module states them itself. */
  protected declaredInputs(): readonly InputSpec[] | undefined {
    return undefined;
  }

  /**
   * How weights before this module start with `init: 'auto'`. An activation says what it asks for; `after()` is what the
   * modules after this one ask for. Default: a layer with an `init` of its own asks for nothing, any other leaves it to those
   * after it.
   */
  initBefore(after: After): Initializer {
    return this.#takesInit ? nothing() : after();
  }

  /** The modules inside, by the names that state keys and paths use. */
  children(): [name: string, child: AnyModule][] {
    return fieldsOf(this).flatMap(([name, value]): [string, AnyModule][] =>
      value instanceof Module ? [[name, value]] : [],
    );
  }

  /** How many inputs it takes; undefined for any number. */
  get inputCount(): number | undefined {
    return this.forward.length || undefined;
  }

  /**
   * Computes the outputs; builds the module on first use, or leaves it unbuilt where that fails. Errors: shapes that do
   * not fit, naming the layer's path; another number of inputs than it takes.
   */
  run(...x: In): Out {
    return this.#name === '' ? this.#observed(x) : inScope(this.#name, () => this.#observed(x));
  }

  #observed(x: In): Out {
    const observe = currentObserver();
    return observe ? observe(this as unknown as AnyModule, x, () => this.#compute(x)) : this.#compute(x);
  }

  #compute(x: In): Out {
    const { inputCount = x.length } = this;
    if (x.length !== inputCount)
      throw new InputCountError(
        `${this.#title()} takes ${inputCount} input${inputCount === 1 ? '' : 's'}, and was given ${x.length}.`,
      );
    return this.#built ? this.forward(...x) : this.#runFirst(x);
  }

  #runFirst(x: In): Out {
    for (const input of x)
      if (!(input instanceof Tensor))
        throw new TypeError(`${this.#title()} runs on tensors only; make one of numbers with tensor(…).`);
    const restoreFields = rememberFields(this);
    const undo = () => {
      restoreFields();
      this.#inputs = undefined;
      this.#built = false;
    };
    const setUpAndRun = () => {
      for (const [name, child] of this.children()) child.#name ||= name;
      this.#inputs = x.map((input) => specOf(input, this.#title()));
      persistent(() => {
        this.setup?.(...x.map(({ shape }) => shape));
        if (this[own].frozen) setOwnFrozen(this as unknown as AnyModule, true);
      });
      this.#built = true;
      return this.forward(...x);
    };
    return allOrNothing(undo, () => firstRunOf(this as unknown as AnyModule, setUpAndRun));
  }

  #title(): string {
    return this.#name === '' ? this.kind : `${this.kind} "${this.#name}"`;
  }

  /** True in training mode, the default; Dropout and BatchNorm behave otherwise in evaluation mode. */
  get training(): boolean {
    return guard(this.#readTraining);
  }

  /** Puts the module and all inside in training mode. Errors: inside a captured step, which would not do it again. */
  train(): this {
    setTraining(this as unknown as AnyModule, true);
    return this;
  }

  /** Puts the module and all inside in evaluation mode. Errors: inside a captured step. */
  eval(): this {
    setTraining(this as unknown as AnyModule, false);
    return this;
  }

  /**
   * Fixes the parameters (or frees them again): they get no gradients, and optimizers leave them alone.
   * Errors: inside a captured step.
   */
  freeze(frozen = true): this {
    setFrozen(this as unknown as AnyModule, frozen);
    return this;
  }

  /**
   * Makes all parameters, by a run on zeros in evaluation mode. `inputs` are shapes without the batch dimension; they may
   * be left out where the module states its own, or where all is built. Parameters that exist stay as they are.
   */
  build(...inputs: InputSpec[]): this {
    const specs = inputs.length > 0 ? inputs : (this.declaredInputs() ?? []);
    if (specs.length === 0) {
      this.#requireBuilt();
      return this;
    }
    persistent(() => {
      const leave = enterEvaluation(this as unknown as AnyModule);
      try {
        noGrad(() => this.run(...(specs.map(exampleOf) as unknown as In)));
      } finally {
        leave();
      }
    });
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
    for (const [path, module] of this.modules())
      if (module.setup && !module.#built)
        throw new UnbuiltError(path === '' ? module.kind : `${module.kind} "${path}"`);
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
      for (const [name, value] of fieldsOf(module))
        if (value instanceof Tensor) state.set(join(path, stateKey(name)), value);
      for (const [name, child] of module.children()) visit(child, join(path, name));
    };
    visit(this as unknown as AnyModule, '');
    return state;
  }

  /**
   * Copies the tensors of `dict` over the model's. With `strict: false`, keys that only one side has are left alone.
   * Errors: unknown options; missing or unexpected keys, other shapes; nothing is changed then.
   */
  loadStateDict(dict: StateDict, options: { readonly strict?: boolean } = {}): this {
    checkOptions('loadStateDict', options, ['strict']);
    const { strict = true } = options;
    assignState(this.stateDict(), dict, strict);
    return this;
  }
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
