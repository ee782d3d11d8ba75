import type { Tensor } from './tensor.js';

/** How an op takes part in differentiation. */
export interface Differentiable {
  readonly name: string;
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /**
   * Gradients of the inputs, given those of the outputs; undefined where none is needed or defined. Where an op has no
   * such thing, gradients are those of its meaning.
   */
  derive?(node: Node, dys: readonly (Tensor | undefined)[]): (Tensor | undefined)[];
  /** The op in simpler ops. */
  meaning?(inputs: readonly Tensor[], attrs: object): readonly Tensor[];
}

let nodes = 0;

/** One taped op: what a backward needs to know of it. */
export class Node {
  /** Ascending in order of execution. */
  readonly id = nodes++;
  /** The last walk over the tape that came by. */
  walk = 0;
  /** Versions of the inputs' and then the outputs' storages once it had run. */
  readonly versions: readonly number[];

  /**
   * @param saved What forward kept for backward.
   * @param path The layer it ran in.
   */
  constructor(
    readonly op: Differentiable,
    readonly inputs: readonly Tensor[],
    readonly outputs: readonly Tensor[],
    readonly attrs: object,
    readonly saved: object | undefined,
    readonly path: string,
  ) {
    const versions: number[] = [];
    for (const { storage } of inputs) versions.push(storage.version);
    for (const { storage } of outputs) versions.push(storage.version);
    this.versions = versions;
    for (const output of outputs) output.origin = this;
  }
}

let enabled = true;

/** True while ops put themselves on the tape. */
export const taping = (): boolean => enabled;

let cut: string | undefined;

/** Notes that an op without a derivative gave floats of an input that wants one. */
export function noteCut(op: string): void {
  cut = op;
}

/** Runs `work`; `cut` is an op in it through which no gradient passes, if there was one. */
export function watchingCuts<T>(work: () => T): { readonly result: T; readonly cut: string | undefined } {
  const outer = cut;
  cut = undefined;
  try {
    const result = work();
    return { result, cut };
  } finally {
    cut = outer;
  }
}

/** Runs `work` without a tape: nothing in it can be differentiated, and nothing is kept for it. */
export function noGrad<T>(work: () => T): T {
  return withTape(false, work);
}

/** Runs `work` with the tape on or off. */
export function withTape<T>(on: boolean, work: () => T): T {
  const outer = enabled;
  enabled = on;
  try {
    return work();
  } finally {
    enabled = outer;
  }
}

/** An input (or, counted on from there, an output) that the derivative needs. Errors: it was changed since. */
export function savedTensor(node: Node, index: number): Tensor {
  const tensor = index < node.inputs.length ? node.inputs[index] : node.outputs[index - node.inputs.length];
  if (tensor.storage.version !== node.versions[index]) {
    const place = node.path === '' ? '' : ` in layer "${node.path}"`;
    throw new Error(
      `The derivative of ${node.op.name}${place} needs a tensor that was changed in place after the forward pass. ` +
        'Call backward before the change, or run the forward pass again.',
    );
  }
  return tensor;
}
