import { fill } from './create.js';
import { add } from './ops/add.js';
import { reshape } from './ops/reshape.js';
import { checkOptions } from './options.js';
import { atPath } from './scope.js';
import { formatShape, ShapeError, sameShape } from './shape.js';
import { type Node, savedTensor, watchingCuts, withTape } from './tape.js';
import type { Tensor } from './tensor.js';

/** What `backward` returns: the gradient of each tensor that wanted one. */
export class Gradients {
  readonly #byTensor: ReadonlyMap<Tensor, Tensor>;

  constructor(byTensor: ReadonlyMap<Tensor, Tensor>) {
    this.#byTensor = byTensor;
  }

  /** The gradient of `tensor`, in its shape; undefined when the loss does not depend on it. */
  get(tensor: Tensor): Tensor | undefined {
    return this.#byTensor.get(tensor);
  }

  /** The gradient of `tensor`. Errors: the loss does not depend on it. */
  of(tensor: Tensor): Tensor {
    const gradient = this.get(tensor);
    if (!gradient)
      throw new Error(
        `The loss does not depend on this tensor ${formatShape(tensor.shape)}: it has no gradient; use it in the loss, or ask with get whether it has one.`,
      );
    return gradient;
  }

  [Symbol.iterator](): Iterator<[tensor: Tensor, gradient: Tensor]> {
    return this.#byTensor.entries();
  }
}

export interface BackwardOptions {
  /** The gradient of the loss itself, in its shape. Default: ones, for a loss of one element. */
  readonly seed?: Tensor;
  /** The tensors to differentiate by, leaves or not. Default: every leaf that requires a gradient. */
  readonly of?: readonly Tensor[];
  /** True to keep the gradients differentiable. Default false. */
  readonly createGraph?: boolean;
  /** Told of each op, the last one first, once it is differentiated. */
  readonly watch?: BackwardWatcher;
}

/** Sees an op that `backward` came by: the gradients of its outputs, and those that it gave its inputs. */
export type BackwardWatcher = (
  node: Node,
  dys: readonly (Tensor | undefined)[],
  gradients: readonly (Tensor | undefined)[],
) => void;

/**
 * Gradients of `loss`, by reverse accumulation. Nothing is stored in the tensors; call it as often as needed.
 * Errors: a loss that depends on nothing differentiable; one of several elements without `seed`; a saved tensor that was
 * changed in place since the forward pass; unknown options.
 */
export function backward(loss: Tensor, options: BackwardOptions = {}): Gradients {
  checkOptions('backward', options, ['seed', 'of', 'createGraph', 'watch']);
  const { seed, of, createGraph = false, watch } = options;
  if (!loss.requiresGrad)
    throw new Error(
      'backward: the loss depends on no tensor that requires a gradient; free what is frozen with freeze(false), or compute the loss ' +
        'without detach, noGrad, argmax and the like.',
    );
  if (!seed && loss.size !== 1) {
    throw new ShapeError(
      `backward starts at one number, and the loss is ${formatShape(loss.shape)}; reduce it with sum or mean, or pass seed.`,
    );
  }
  if (seed && !sameShape(seed.shape, loss.shape))
    throw new ShapeError(
      `backward: seed ${formatShape(seed.shape)} must have the loss's shape ${formatShape(loss.shape)}.`,
    );

  return withTape(createGraph, () => {
    const targets = of && new Set(of);
    const nodes = nodesBehind(loss, targets);
    const gradients = new Map<Tensor, Tensor>();
    const give = (tensor: Tensor, gradient: Tensor) => {
      const sum = gradients.get(tensor);
      gradients.set(tensor, sum ? add(sum, gradient) : gradient);
    };
    give(loss, seed ?? fill(loss.shape, 1, loss.dtype));
    for (const node of nodes) {
      const dys = node.outputs.map((output) => gradients.get(output));
      for (const output of node.outputs) if (!targets?.has(output)) gradients.delete(output);
      if (dys.every((dy) => dy === undefined)) continue;
      const path = node.path === '' ? '' : `${node.path} (backward)`;
      const inputGradients = atPath(path, () => gradientsBy(node, dys, createGraph));
      watch?.(node, dys, inputGradients);
      for (let i = 0; i < inputGradients.length; i++) {
        const gradient = inputGradients[i];
        if (gradient && node.inputs[i].requiresGrad) give(node.inputs[i], gradient);
      }
    }
    for (const tensor of gradients.keys())
      if (targets ? !targets.has(tensor) : tensor.origin !== undefined) gradients.delete(tensor);
    return new Gradients(gradients);
  });
}

let walks = 0;

/** The nodes that the loss came from, latest first; with targets, only those on a way to one. */
function nodesBehind(loss: Tensor, targets?: ReadonlySet<Tensor>): Node[] {
  const walk = ++walks;
  const nodes: Node[] = [];
  const visit = ({ origin }: Tensor) => {
    if (!origin || origin.walk === walk) return;
    origin.walk = walk;
    nodes.push(origin);
  };
  visit(loss);
  for (let i = 0; i < nodes.length; i++) for (const input of nodes[i].inputs) visit(input);
  nodes.sort((a, b) => b.id - a.id);
  if (!targets) return nodes;

  const leading = new Set<Node>();
  for (const node of nodes.toReversed())
    if (node.inputs.some((t) => targets.has(t) || (t.origin && leading.has(t.origin)))) leading.add(node);
  return nodes.filter((node) => leading.has(node));
}

/**
 * Gradients of an op by its backward; through its meaning where it has none, or where gradients must stay differentiable
 * and its backward uses an op that has no derivative. Errors: there is no meaning then.
 */
function gradientsBy(node: Node, dys: readonly (Tensor | undefined)[], createGraph: boolean) {
  if (!createGraph && node.op.derive) return node.op.derive(node, dys);
  const { result, cut } = watchingCuts(() => node.op.derive?.(node, dys));
  if (result && !(createGraph && cut)) return result;
  if (!node.op.meaning) {
    throw new Error(
      `The gradient of ${node.op.name} cannot be differentiated again: "${cut}", which computes it, has no derivative. ` +
        `Give that op a backward or a meaning, or give ${node.op.name} a meaning.`,
    );
  }
  return throughMeaning(node, dys, createGraph);
}

/** Gradients of an op's meaning, at the same inputs. */
function throughMeaning(node: Node, dys: readonly (Tensor | undefined)[], createGraph: boolean) {
  const { aliases, outputs } = withTape(true, () => {
    const inputs = node.inputs.map((_, i) => savedTensor(node, i));
    const aliases = inputs.map((input) => (input.requiresGrad ? reshape(input, input.shape) : input));
    return { aliases, outputs: node.op.meaning?.(aliases, node.attrs) ?? [] };
  });
  const wanted = aliases.filter((alias) => alias.requiresGrad);
  const sums = new Map<Tensor, Tensor>();
  outputs.forEach((output, i) => {
    const seed = dys[i];
    if (!seed || !output.requiresGrad) return;
    for (const [alias, gradient] of backward(output, { seed, of: wanted, createGraph })) {
      const sum = sums.get(alias);
      sums.set(alias, sum ? add(sum, gradient) : gradient);
    }
  });
  return aliases.map((alias) => sums.get(alias));
}
