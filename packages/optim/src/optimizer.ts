import {
  add,
  checkOptions,
  checkRange,
  currentRecorder,
  formatShape,
  Gradients,
  inScope,
  noGrad,
  Parameter,
  persistent,
  sameShape,
  type Tensor,
  tensor,
  zeros,
} from '@nn/tensor';
import { checkDecay, type Decay, type Group, listGroups, makeGroups, type ParameterGroup } from './parameter-groups.js';

export interface OptimizerOptions {
  /** The size of a step. Default 0.001, unless the optimizer says another. */
  readonly learningRate?: number;
  /** How strongly parameters are drawn to 0. */
  readonly weightDecay?: number;
  /** What weight decay shrinks. Default `weights`: biases and normalisation parameters are spared; `all` as PyTorch does. */
  readonly decay?: Decay;
  /** Groups with settings of their own; parameters in none are left alone. Default: every parameter with a gradient. */
  readonly parameters?: readonly ParameterGroup[];
}

/** What must be kept to go on exactly: copies, which later steps leave alone. */
export interface OptimizerState {
  readonly kind: string;
  readonly learningRate: number;
  /** By the parameter's name, a dot and the name of the moment: `0.weight.velocity`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What an optimizer holds where it was not told: PyTorch's defaults. */
export interface OptimizerDefaults {
  /** Default 0.001. */
  readonly learningRate?: number;
  readonly weightDecay: number;
}

/** What an optimizer remembers of a parameter: its moments by name, and how many steps it has done, [1]. */
export type Memory<M extends string> = Readonly<Record<M | 'step', Tensor>>;

/** What holds for one step of one parameter. */
export interface StepSettings {
  /** The learning rate, [1]. */
  readonly rate: Tensor;
  /** The number of this step, [1], from 1. */
  readonly number: Tensor;
  readonly weightDecay: number;
}

/**
 * Changes parameters by their gradients. Everything that changes from step to step (learning rate, count of steps,
 * moments) is a tensor, so a captured step stays right. The fixed settings are in `options`, plain JSON.
 *
 * ```ts
 * const optimizer = new Adam({ learningRate: 1e-3 });
 * optimizer.step(backward(crossEntropy(model.run(x), y)));
 * ```
 *
 * An optimizer of your own names its moments and says in `update` what one step does to one parameter.
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions, M extends string = string> {
  /** The name in files and drawings. */
  static readonly kind: string;
  readonly options: Readonly<Omit<O, 'parameters'>>;
  /** The groups that it was made with; undefined where it takes every parameter. */
  readonly parameterGroups: readonly (ParameterGroup & { readonly parameters: readonly Parameter[] })[] | undefined;
  /** The learning rate that it was made with, which schedules multiply. */
  readonly initialLearningRate: number;
  readonly #groups: readonly Group[];
  readonly #memories = new Map<Parameter, Memory<M>>();
  #learningRate: number;

  /** @param known The options that the optimizer takes besides those of every optimizer. */
  constructor(given: O, known: readonly string[], defaults: OptimizerDefaults) {
    const { kind } = this;
    checkOptions(kind, given, ['learningRate', 'weightDecay', 'decay', 'parameters', ...known]);
    const { parameters, ...options } = given;
    const { learningRate = defaults.learningRate ?? 1e-3, weightDecay = defaults.weightDecay } = options;
    const { decay = 'weights' } = options;
    checkRange(kind, 'learningRate', learningRate);
    checkRange(kind, 'weightDecay', weightDecay);
    checkDecay(kind, decay);
    this.options = Object.freeze(options);
    this.initialLearningRate = learningRate;
    this.#learningRate = learningRate;
    this.parameterGroups = parameters && listGroups(kind, parameters);
    this.#groups = makeGroups(kind, this.parameterGroups, { learningRate, weightDecay, decay });
  }

  get kind(): string {
    return (this.constructor as typeof Optimizer).kind;
  }

  /** The moments kept of each parameter, besides the count of its steps. */
  protected abstract readonly moments: readonly M[];

  /** The moments before a parameter's first step. Default: zeros of its shape. */
  protected beginning({ shape, dtype }: Parameter): Record<M, Tensor> {
    return Object.fromEntries(this.moments.map((name) => [name, zeros(shape, { dtype })])) as Record<M, Tensor>;
  }

  /** One step of one parameter, by kernels that update it and its moments; no value is read. */
  protected abstract update(w: Parameter, gradient: Tensor, memory: Memory<M>, settings: StepSettings): void;

  /** What else changes with the step of this number, [1], once every parameter is updated. Default: nothing. */
  protected finish(_memory: Memory<M>, _number: Tensor): void {}

  /**
   * The size of a step. Setting it takes effect in captured steps too; groups with a rate of their own change in
   * proportion. Errors, which leave it as it was: a value that is negative or not finite; setting it inside a captured
   * step, or while one runs asynchronously.
   */
  get learningRate(): number {
    return this.#learningRate;
  }

  set learningRate(value: number) {
    checkRange(this.kind, 'learningRate', value);
    if (currentRecorder())
      throw new Error(`${this.kind}: set learningRate outside the captured step; a replay would not set it again.`);
    if (value === this.#learningRate) return;
    for (const { rate } of this.#groups) rate.storage.checkFree('Setting the learning rate');
    for (const { rate, proportion } of this.#groups) rate.assign(tensor([value * proportion]));
    this.#learningRate = value;
  }

  /**
   * Changes every parameter that has a gradient, is not frozen, and belongs to a group if there are groups.
   * Errors: what are no gradients; none of a parameter of this optimizer.
   */
  step(gradients: Gradients): void {
    if (!(gradients instanceof Gradients))
      throw new TypeError(`${this.kind}.step takes gradients: optimizer.step(backward(loss)).`);
    const due: [w: Parameter, gradient: Tensor, group: Group][] = [];
    let found = false;
    for (const [w, gradient] of gradients) {
      const group = w instanceof Parameter && this.#groups.find(({ parameters }) => !parameters || parameters.has(w));
      if (!group) continue;
      found = true;
      if (w.trainable) due.push([w, gradient, group]);
    }
    if (!found) {
      const groups = this.#groups.some(({ parameters }) => parameters) ? ' in its groups' : '';
      throw new Error(
        `${this.kind}.step: none of the gradients is that of a parameter${groups}; is this the right loss?`,
      );
    }
    noGrad(() => inScope('optimizer', () => this.#advance(due)));
  }

  /** Updates stand together, apart from what is counted, so that a captured step can run them as one. */
  #advance(due: readonly (readonly [w: Parameter, gradient: Tensor, group: Group])[]): void {
    const memories = due.map(([w]) => this.#memoryOf(w));
    const numbers = memories.map(({ step }) => add(step, 1));
    due.forEach(([w, gradient, group], i) => {
      this.update(w, gradient, memories[i], {
        rate: group.rate,
        number: numbers[i],
        weightDecay: group.weightDecayOf(w),
      });
    });
    memories.forEach((memory, i) => {
      this.finish(memory, numbers[i]);
      memory.step.assign(numbers[i]);
    });
  }

  #memoryOf(w: Parameter): Memory<M> {
    let memory = this.#memories.get(w);
    if (!memory) {
      memory = persistent(() => this.#blank(w));
      this.#memories.set(w, memory);
    }
    return memory;
  }

  #blank(w: Parameter): Memory<M> {
    return { ...this.beginning(w), step: zeros([1]) };
  }

  /**
   * What a file must keep, under the names of `model.namedParameters()`. Parameters without a step have no entry.
   * Errors: a parameter that was changed and has no name.
   */
  state(names: ReadonlyMap<string, Parameter>): OptimizerState {
    const tensors = new Map<string, Tensor>();
    for (const [name, w] of names) {
      const memory = this.#memories.get(w);
      if (!memory) continue;
      for (const [key, value] of Object.entries<Tensor>(memory))
        tensors.set(`${name}.${key}`, tensor(value.data.slice(), { shape: value.shape }));
    }
    const named = new Set(names.values());
    for (const { shape } of [...this.#memories.keys()].filter((w) => !named.has(w))) {
      throw new Error(
        `${this.kind}.state: a parameter ${formatShape(shape)} that was trained has no name; pass namedParameters() of the whole model.`,
      );
    }
    return { kind: this.kind, learningRate: this.learningRate, tensors };
  }

  /**
   * Goes on from where `state` was taken: learning rate, counts of steps and moments, in place, so that captured steps
   * stay right. Errors: another kind of optimizer; names or shapes that do not fit (nothing is changed then).
   */
  loadState(state: OptimizerState, names: ReadonlyMap<string, Parameter>): void {
    if (state.kind !== this.kind)
      throw new Error(`The state is that of ${state.kind}, and this optimizer is ${this.kind}; make it the same kind.`);
    const keys = [...this.moments, 'step'] as const;
    const unknown = new Set(state.tensors.keys());
    const kept = [...names].filter(([name]) => keys.some((key) => state.tensors.has(`${name}.${key}`)));
    for (const [name, w] of kept) {
      const blank = this.#blank(w);
      for (const key of keys) {
        const [{ shape }, value] = [blank[key], state.tensors.get(`${name}.${key}`)];
        unknown.delete(`${name}.${key}`);
        if (value && sameShape(value.shape, shape)) continue;
        const fault = value ? `is ${formatShape(value.shape)}, not ${formatShape(shape)}` : 'is missing';
        throw new Error(`${this.kind}.loadState: ${name}.${key} ${fault}; is this the state of another model?`);
      }
    }
    if (unknown.size > 0)
      throw new Error(
        `${this.kind}.loadState: no parameter is called ${[...unknown].join(', ')}; pass the same names.`,
      );

    for (const [w, memory] of this.#memories) {
      const blank = this.#blank(w);
      for (const key of keys) memory[key].assign(blank[key]);
    }
    for (const [name, w] of kept) {
      const memory = this.#memoryOf(w);
      for (const key of keys) memory[key].assign(state.tensors.get(`${name}.${key}`) as Tensor);
    }
    this.learningRate = state.learningRate;
  }
}
