import type { Tensor } from '@nn/tensor';
import { InputCountError } from './errors.js';
import { type After, agreedInit, currentAfter, runBefore } from './following.js';
import { runningOrder } from './graph-order.js';
import type { Initializer } from './initializers.js';
import { checkDeclared, type InputSpec } from './input-spec.js';
import { asModule, type LayerLike } from './lambda.js';
import { adoptMode } from './mode.js';
import { type AnyModule, Module } from './module.js';

/** A layer and the names of the inputs or nodes that feed it, in its order. */
export type NodeSpec = readonly [layer: LayerLike, ...wires: string[]];

export interface GraphOptions {
  /** Shapes of the inputs by name, without the batch dimension (with dtype if not f32); -1 for a size that may vary. */
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly nodes: Readonly<Record<string, NodeSpec>>;
  /** The nodes whose values `run` returns. */
  readonly outputs: readonly string[];
  /** Nodes that belong to the model though they reach no output, as a loss or metric looks at them. Default: none. */
  readonly kept?: readonly string[];
}

type Wired<G extends GraphOptions> = Omit<G, 'nodes' | 'outputs' | 'kept'> & {
  readonly nodes: {
    readonly [K in keyof G['nodes']]: readonly [LayerLike, ...(keyof G['nodes'] | keyof G['inputs'])[]];
  };
  readonly outputs: readonly (keyof G['nodes'])[];
  readonly kept?: readonly (keyof G['nodes'])[];
};

/** One tensor where there is one output, else a record by name. */
type Outputs<G extends GraphOptions> = G['outputs'] extends readonly [string]
  ? Tensor
  : { readonly [K in G['outputs'][number]]: Tensor };

/** A node that is run, with what feeds it. */
interface WiredNode {
  readonly name: string;
  readonly layer: AnyModule;
  readonly wires: readonly string[];
}

/**
 * Any network without cycles: named nodes, several inputs and outputs, layers shared by naming one twice. Nodes that reach
 * no output, and none that is kept for a loss or metric, are left out. `run` takes the inputs in the order in which they are
 * declared.
 *
 * ```ts
 * const net = new Graph({
 *   inputs: { image: [1, 28, 28] },
 *   nodes: { trunk: [new Sequential([...]), 'image'], digit: [new Linear({ outFeatures: 10 }), 'trunk'] },
 *   outputs: ['digit'],
 * });
 * ```
 * Errors, each with its class: a name used twice, no inputs, no outputs, a node without wires, with more or fewer than its
 * layer takes, or an unused input, an unknown wire, a cycle; when run, a wrong number of inputs or a shape other than
 * declared.
 */
export class Graph<const G extends GraphOptions = GraphOptions> extends Module<GraphOptions, Tensor[], Outputs<G>> {
  static override readonly kind = 'Graph';
  readonly #modules = new Map<LayerLike, AnyModule>();
  /** The nodes in the order in which they run. */
  #nodes: readonly WiredNode[];

  constructor(options: G & Wired<G>) {
    super(options as GraphOptions, ['inputs', 'nodes', 'outputs', 'kept']);
    this.#nodes = this.#wire(this.options);
  }

  #wire(options: GraphOptions): WiredNode[] {
    return runningOrder(options).map((name) => {
      const [layer, ...wires] = options.nodes[name];
      const module = this.#modules.get(layer) ?? asModule(layer, `Graph: node "${name}"`);
      this.#modules.set(layer, module);
      const { inputCount = wires.length } = module;
      if (wires.length !== inputCount)
        throw new InputCountError(
          `Node "${name}": ${module.kind} takes ${inputCount} input${inputCount === 1 ? '' : 's'}, and is fed by ` +
            `${wires.join(', ')}; ${wires.length < inputCount ? 'name all of them.' : 'join them by a node of their own, such as new Concat() or new Add().'}`,
        );
      return { name, layer: module, wires };
    });
  }

  /**
   * Makes nodes that reach no output, and what feeds them, part of the model: they are built, run, trained and saved with it.
   * A Trainer does so with those that its losses and metrics look at; the option `kept` does it from the start, as an
   * optimizer's groups of parameters need. Errors: as Graph; nothing is changed then.
   */
  keep(...names: readonly string[]): this {
    const { kept = [] } = this.options;
    const more = names.filter((name) => !this.#nodes.some((node) => node.name === name));
    if (more.length === 0) return this;
    const options = { ...this.options, kept: [...kept, ...more] };
    const before = new Set(this.modules().values());
    this.#nodes = this.#wire(options);
    this.grown(options);
    adoptMode(this as unknown as AnyModule, before);
    return this;
  }

  /** Names of the inputs, in the order of `run`. */
  get inputNames(): readonly string[] {
    return Object.keys(this.options.inputs);
  }

  get outputNames(): readonly string[] {
    return this.options.outputs;
  }

  /** Nodes that are run, in order, with what feeds them. */
  wiring(): readonly WiredNode[] {
    return this.#nodes;
  }

  override children(): [string, AnyModule][] {
    return this.#nodes.map(({ name, layer }) => [name, layer]);
  }

  protected override declaredInputs(): readonly InputSpec[] {
    return Object.values(this.options.inputs);
  }

  protected forward(...x: Tensor[]): Outputs<G> {
    const values = this.#bind(x);
    const after = currentAfter();
    for (const { name, layer, wires } of this.#nodes) {
      const fed = wires.map((wire) => values.get(wire) as Tensor);
      const run = () => layer.run(...fed) as Tensor;
      values.set(name, runBefore(layer, after && (() => this.#initAfter(name, after)), run));
    }
    const { outputs } = this.options;
    if (outputs.length === 1) return values.get(outputs[0]) as Outputs<G>;
    return Object.fromEntries(outputs.map((name) => [name, values.get(name)])) as Outputs<G>;
  }

  override initBefore(after: After): Initializer {
    return agreedInit(this.inputNames.map((name) => this.#initAfter(name, after)));
  }

  /** What the nodes that `name` feeds, and what is after the graph if it is an output, ask for. */
  #initAfter(name: string, after: After): Initializer {
    const fed = this.#nodes.filter(({ wires }) => wires.includes(name));
    const wanted = fed.map((node) => node.layer.initBefore(() => this.#initAfter(node.name, after)));
    return agreedInit(this.outputNames.includes(name) ? [...wanted, after()] : wanted);
  }

  #bind(x: readonly Tensor[]): Map<string, Tensor> {
    const inputs = Object.entries(this.options.inputs);
    if (x.length !== inputs.length) {
      throw new InputCountError(
        `The graph takes ${inputs.length} inputs (${this.inputNames.join(', ')}), and was given ${x.length}; give a tensor for each.`,
      );
    }
    inputs.forEach(([name, spec], i) => {
      checkDeclared(`Input "${name}"`, spec, x[i]);
    });
    return new Map(inputs.map(([name], i) => [name, x[i]]));
  }
}
