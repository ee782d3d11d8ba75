import { dispatch } from './backend.js';
import type { Data } from './dtype.js';
import { currentPath } from './scope.js';
import type { Storage } from './storage.js';
import type { Tensor } from './tensor.js';

/** `read`: unchanged. `write`: arrives with any content, every element is written. `update`: read and changed in place. */
export type Access = 'read' | 'write' | 'update';

/** How a buffer divides when the launch is split over the batch: sliced along with it, seen whole, or added up. */
export type Division = 'tiled' | 'shared' | 'summed';

export type AttributeKind = 'number' | 'numbers';
export type AttributeKinds = Record<string, AttributeKind>;
export type AttributesOf<A extends AttributeKinds> = {
  readonly [K in keyof A]: A[K] extends 'number' ? number : readonly number[];
};
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export interface KernelSpec<B extends string, A extends AttributeKinds> {
  /** Third parties prefix theirs: `someone/foo`. Backends replace a kernel by this name. */
  readonly name: string;
  /** Buffers in the order in which backends receive them. */
  readonly buffers: Readonly<Record<B, Access | { readonly access: Access; readonly as: Division }>>;
  /**
   * What may be split among threads, tiles and batches. `element`: what is written at i follows from what is read at i (or
   * from a buffer's single element) by one rule for all i, so the kernel may run on any stretch of its buffers, and in place.
   */
  readonly over: 'element' | 'row' | 'whole';
  /** Static numbers in the order in which backends receive them. */
  readonly attrs?: A;
  /**
   * Floating-point operations of one launch, for profiles; an elementary function counts as one. `lengths` are those of the
   * buffers, in elements. Default 0.
   */
  flops?(attrs: AttributesOf<A>, lengths: Readonly<Record<B, number>>): number;
  /** True for sums of products, whose multiply-adds summaries count. Default false. */
  readonly product?: boolean;
  /** How many elements of a buffer one launch touches, for profiles. Default: all. */
  touches?(attrs: AttributesOf<A>): Readonly<Partial<Record<B, number>>>;
  /** What the kernel computes, as plain loops. */
  reference(buffers: Record<B, Data>, attrs: AttributesOf<A>): void;
}

/** A kernel as backends, passes and profiles see it. */
export interface Kernel {
  readonly name: string;
  readonly over: 'element' | 'row' | 'whole';
  readonly bufferNames: readonly string[];
  readonly accesses: readonly Access[];
  readonly divisions: readonly Division[];
  readonly attrNames: readonly string[];
  readonly attrKinds: readonly AttributeKind[];
  /** `lengths` in declared order, in elements. */
  flops?(attrs: Attributes, lengths: readonly number[]): number;
  readonly product?: boolean;
  touches?(attrs: Attributes): Readonly<Partial<Record<string, number>>>;
  /** Runs the reference on flat arrays in declared order. */
  reference(buffers: readonly Data[], attrs: Attributes): void;
}

/** Launches the kernel on tensors; `kernel` is its description. */
export interface LaunchableKernel<B extends string, A extends AttributeKinds> {
  (tensors: Readonly<Record<B, Tensor>>, ...attrs: keyof A extends never ? [] : [AttributesOf<A>]): void;
  readonly kernel: Kernel;
}

const noAttributes: Attributes = Object.freeze({});

/**
 * Makes a kernel of a readable reference. Nothing registers it: it is a value, and works on every backend at once.
 *
 * ```ts
 * const double = defineKernel({
 *   name: 'someone/double', buffers: { y: 'write', x: 'read' }, over: 'element',
 *   reference({ y, x }) { for (let i = 0; i < y.length; i++) y[i] = 2 * x[i]; },
 * });
 * double({ y, x });
 * ```
 */
export function defineKernel<B extends string, const A extends AttributeKinds = Record<never, never>>(
  spec: KernelSpec<B, A>,
): LaunchableKernel<B, A> {
  const bufferNames = Object.keys(spec.buffers) as B[];
  const roles: readonly (Access | { readonly access: Access; readonly as: Division })[] = bufferNames.map(
    (name) => spec.buffers[name],
  );
  const named = <T>(values: readonly T[]): Record<B, T> => {
    const result = {} as Record<B, T>;
    bufferNames.forEach((name, i) => {
      result[name] = values[i];
    });
    return result;
  };
  const kernel: Kernel = {
    name: spec.name,
    over: spec.over,
    bufferNames,
    accesses: roles.map((role) => (typeof role === 'string' ? role : role.access)),
    divisions: roles.map((role) => (typeof role === 'string' ? 'tiled' : role.as)),
    attrNames: Object.keys(spec.attrs ?? {}),
    attrKinds: Object.values(spec.attrs ?? {}),
    flops: spec.flops && ((attrs, lengths) => spec.flops?.(attrs as AttributesOf<A>, named(lengths)) ?? 0),
    product: spec.product,
    touches: spec.touches && ((attrs) => spec.touches?.(attrs as AttributesOf<A>) ?? {}),
    reference: (buffers, attrs) => spec.reference(named(buffers), attrs as AttributesOf<A>),
  };
  const launch = (tensors: Readonly<Record<B, Tensor>>, attrs: Attributes = noAttributes): void => {
    const storages = new Array<Storage>(bufferNames.length);
    for (let i = 0; i < storages.length; i++) storages[i] = tensors[bufferNames[i]].storage;
    dispatch({ kernel, storages, attrs, path: currentPath() });
  };
  return Object.assign(launch, { kernel }) as LaunchableKernel<B, A>;
}
