import { backward, type Gradients } from '../autograd.js';
import { watchingOps } from '../op-calls.js';
import { checkOptions } from '../options.js';
import type { Node } from '../tape.js';
import type { Tensor } from '../tensor.js';
import { OpCalls } from './derivative-rule.js';
import { explanationText } from './explanation-text.js';
import { formatAttributes } from './numbers-in-words.js';

export interface ExplainOptions {
  /**
   * Names of tensors, such as `[['x', x], ...model.namedParameters()]`. Default: the path of the layer that first used one,
   * and what its op calls it, such as `0.w`.
   */
  readonly names?: Iterable<readonly [name: string, tensor: Tensor]>;
  /** The gradient of the loss itself, in its shape. Default: ones, for a loss of one element. */
  readonly seed?: Tensor;
}

/** What an op took. */
export interface ExplainedInput {
  /** What the op calls it, such as `x`. */
  readonly symbol: string;
  readonly tensor: Tensor;
  /** The number of the op that made it, or the name of what no op made; undefined for a plain number. */
  readonly source: number | string | undefined;
  /** What this op adds to its gradient; undefined where none is wanted. */
  readonly gradient?: Tensor;
  /** How that was computed, such as `multiply(dy, cos(x))`. */
  readonly rule?: string;
  /** The same in simpler ops, where the op that computed it has a `meaning`. */
  readonly meaning?: string;
}

/** What an op gave. */
export interface ExplainedOutput {
  /** `y`, or `y0`, `y1` … of several. */
  readonly symbol: string;
  readonly tensor: Tensor;
  /** The sum over the ops that used it; undefined where none gave it one. */
  readonly gradient?: Tensor;
  /** Numbers of the ops whose contributions that is. */
  readonly usedBy: readonly number[];
}

/** An op on the way to the loss. */
export interface ExplainedOp {
  /** From 1, in order of execution. */
  readonly number: number;
  readonly name: string;
  /** The layer it ran in, such as `trunk.2`; empty outside any. */
  readonly path: string;
  /** Such as `{ axis: 1 }`; empty for none. */
  readonly attributes: string;
  readonly inputs: readonly ExplainedInput[];
  readonly outputs: readonly ExplainedOutput[];
}

/** A tensor that no op made and that has a gradient: a parameter. */
export interface ExplainedLeaf {
  readonly name: string;
  readonly tensor: Tensor;
  /** The sum over the ops that used it. */
  readonly gradient: Tensor;
  /** Numbers of those ops. */
  readonly usedBy: readonly number[];
}

/** How a loss came about, and its derivative. As a string it is a page to read; `drawing` of @nn/viz draws it. */
export class Explanation {
  constructor(
    readonly loss: Tensor,
    /** In order of execution. */
    readonly ops: readonly ExplainedOp[],
    readonly leaves: readonly ExplainedLeaf[],
    /** What `backward` returned. */
    readonly gradients: Gradients,
  ) {}

  toString(): string {
    return explanationText(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** An op that backward came by. */
interface Passage {
  readonly node: Node;
  readonly dys: readonly (Tensor | undefined)[];
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * Tells how `loss` came about: every op on the tape with its numbers, and, from one call of `backward`, each gradient with
 * the rule that gave it. The rules are the calls that backward made, written down as it made them.
 * Errors: those of `backward`; a tensor that was changed since the forward pass, as by an optimizer's step.
 *
 * ```ts
 * console.log(explain(meanSquaredError(model.run(x), y)));
 * ```
 */
export function explain(loss: Tensor, options: ExplainOptions = {}): Explanation {
  checkOptions('explain', options, ['names', 'seed']);
  const calls = new OpCalls();
  const passages: Passage[] = [];
  const gradients = watchingOps(calls.watch, () =>
    backward(loss, {
      seed: options.seed,
      watch: (node, dys, inputGradients) => passages.unshift({ node, dys, gradients: inputGradients }),
    }),
  );
  for (const { node } of passages) refuseChanged(node);

  const numbers = new Map(passages.map(({ node }, i) => [node, i + 1]));
  const leafNames = new LeafNames(options.names ?? []);
  const usedBy = (tensor: Tensor) =>
    passages.flatMap(({ node, gradients: given }, i) =>
      node.inputs.some((input, k) => input === tensor && given[k]) ? [i + 1] : [],
    );
  const ops = passages.map(({ node, dys, gradients: given }, i): ExplainedOp => {
    const local = symbolsOf(node, dys);
    return {
      number: i + 1,
      name: node.op.name,
      path: node.path,
      attributes: formatAttributes(node.attrs),
      inputs: node.inputs.map((tensor, k) => {
        const symbol = node.op.inputs[k];
        const source = (tensor.origin && numbers.get(tensor.origin)) ?? leafNames.of(tensor, node.path, symbol);
        const gradient = given[k];
        if (!gradient) return { symbol, tensor, source };
        const meaning = calls.writeMeaning(gradient, local);
        return { symbol, tensor, source, gradient, rule: calls.write(gradient, local), meaning };
      }),
      outputs: node.outputs.map((tensor, k) => ({
        symbol: outputSymbol('y', node, k),
        tensor,
        gradient: dys[k],
        usedBy: usedBy(tensor),
      })),
    };
  });
  const leaves = [...gradients].map(([tensor, gradient]) => ({
    name: leafNames.of(tensor, '', '') ?? '',
    tensor,
    gradient,
    usedBy: usedBy(tensor),
  }));
  return new Explanation(loss, ops, leaves, gradients);
}

const outputSymbol = (letter: string, { outputs }: Node, i: number): string =>
  outputs.length > 1 ? `${letter}${i}` : letter;

/** What a derivative reads, by the names that it has there. */
function symbolsOf(node: Node, dys: readonly (Tensor | undefined)[]): Map<Tensor, string> {
  const symbols = new Map<Tensor, string>();
  const name = (tensor: Tensor | undefined, symbol: string) => {
    if (tensor && !symbols.has(tensor)) symbols.set(tensor, symbol);
  };
  for (const [i, dy] of dys.entries()) name(dy, outputSymbol('dy', node, i));
  for (const [i, input] of node.inputs.entries()) name(input, node.op.inputs[i]);
  for (const [i, output] of node.outputs.entries()) name(output, outputSymbol('y', node, i));
  for (const [key, kept] of Object.entries(node.saved ?? {})) name(kept as Tensor, key);
  return symbols;
}

function refuseChanged({ inputs, outputs, versions, op }: Node): void {
  const changed = [...inputs, ...outputs].findIndex(({ storage }, i) => storage.version !== versions[i]);
  if (changed < 0) return;
  throw new Error(
    `explain: ${op.inputs[changed] ?? 'the result'} of ${op.name} was changed in place after the forward pass, so that its ` +
      'numbers there are gone. Call explain before the change, such as a step of the optimizer.',
  );
}

/** Names of tensors that no op made, each with one of its own. */
class LeafNames {
  readonly #names = new Map<Tensor, string>();
  readonly #taken = new Set<string>();

  constructor(given: Iterable<readonly [string, Tensor]>) {
    for (const [name, tensor] of given) this.#give(tensor, name);
  }

  /** Undefined for a plain number. */
  of(tensor: Tensor, path: string, symbol: string): string | undefined {
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const plain = tensor.shape.length === 0 && !tensor.requiresGrad;
    return plain ? undefined : this.#give(tensor, path === '' ? symbol : `${path}.${symbol}`);
  }

  #give(tensor: Tensor, name: string): string {
    let free = name;
    for (let i = 2; this.#taken.has(free); i++) free = `${name} (${i})`;
    this.#taken.add(free);
    this.#names.set(tensor, free);
    return free;
  }
}
