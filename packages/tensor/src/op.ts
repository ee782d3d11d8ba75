import { allocateUnwritten } from './backend.js';
import { empty } from './create.js';
import { allocate, type DType, isFloat } from './dtype.js';
import { opWatcher } from './op-calls.js';
import { describe, OptionError } from './options.js';
import { currentPath, inLayer } from './scope.js';
import { formatShape, type Shape, ShapeError, sameShape } from './shape.js';
import { Storage } from './storage.js';
import { Node, noteCut, savedTensor, taping, withTape } from './tape.js';
import { Tensor } from './tensor.js';

/** An operand: a plain number stands for a scalar of the other operands' dtype, and must fit it. */
export type Operand = Tensor | number;

/** Shape and dtype of a result. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Named<I extends readonly string[], T> = { readonly [K in I[number]]: T };
type Results<O> = O extends readonly Spec[] ? readonly Tensor[] : Tensor;
type AttributesArgument<A> = object extends A ? [attrs?: A] : [attrs: A];
/** Tensors that forward keeps for backward; nothing by default. */
type Kept = Readonly<Record<string, Tensor>>;

/** What a derivative may use: the inputs, the result `y`, its gradient `dy`, what forward kept, and the inputs' shapes. */
export type Context<I extends readonly string[], O, S> = Named<I, Tensor> & {
  readonly y: Results<O>;
  readonly dy: Results<O>;
  /** Shapes alone: reading these, unlike the inputs, needs no old values. */
  readonly shapes: Named<I, Shape>;
} & S;

export interface OpSpec<
  I extends readonly string[],
  A extends object,
  O extends Spec | readonly Spec[],
  S extends object,
> {
  readonly name: string;
  readonly inputs: I;
  /** The attributes that the op takes: calls with others are refused. Default: not looked at. */
  readonly attributes?: readonly (keyof A & string)[];
  /** Shape and dtype of the result (or results). Errors: a ShapeError saying what does not fit and what to do. */
  infer(inputs: Named<I, Spec>, attrs: A): O;
  /** Launches the kernels that fill `y`; returns what backward needs besides inputs and result. */
  forward(t: Named<I, Tensor> & { readonly y: Results<O> }, attrs: A): S | void;
  /**
   * The gradient of each input, a line an input, written with ops; or one function for all of them. For second derivatives
   * these ops need a backward or a meaning in their turn.
   */
  readonly backward?:
    | { readonly [K in I[number]]?: (t: Context<I, O, S>, attrs: A) => Tensor }
    | ((t: Context<I, O, S>, attrs: A) => { readonly [K in I[number]]?: Tensor });
  /** The same result in simpler ops: what tests hold the op to, and its derivative where it has no backward. */
  meaning?(...args: [...{ [K in keyof I]: Tensor }, A]): Results<O>;
}

/** An op: takes its inputs in order, then its attributes. */
export interface Op<I extends readonly string[], A extends object, O extends Spec | readonly Spec[]> {
  (...args: [...{ [K in keyof I]: Operand }, ...AttributesArgument<A>]): Results<O>;
  /** The name in errors and traces. */
  readonly opName: string;
}

const noAttributes = Object.freeze({});
/** Zeros made without a launch, as hardly any derivative looks at them. */
const zerosLike = ({ shape, dtype, size }: Tensor) => new Tensor(new Storage(allocate(dtype, size)), shape);
const emptyOf = ({ shape, dtype }: Spec) => empty(shape, dtype);

/**
 * Makes an op of its shape rule, its kernels and its derivative.
 * Errors of the op, when called: a ShapeError naming the op, the layer and every shape; an attribute that it does not take.
 */
export function defineOp<
  const I extends readonly string[],
  A extends object = Record<never, never>,
  const O extends Spec | readonly Spec[] = Spec,
  S extends object = Kept,
>(spec: OpSpec<I, A, O, S>): Op<I, A, O> {
  const { name, inputs: names, attributes, backward } = spec;
  const lines = typeof backward === 'function' ? [] : names.map((key: I[number]) => backward?.[key]);
  const single = (outputs: readonly Tensor[]) => (outputs.length > 1 ? outputs : outputs[0]) as Results<O>;

  class Shapes extends OfNode {}
  defineGetters(Shapes.prototype, names, ({ node }, i) => node.inputs[i].shape);

  /** Inputs by name, and results, checked when read. */
  class SavedTensors extends OfNode {
    declare dy: Results<O>;
    get y(): Results<O> {
      return single(this.node.outputs.map((_, i) => savedTensor(this.node, names.length + i)));
    }
    get shapes(): Named<I, Shape> {
      return new Shapes(this.node) as unknown as Named<I, Shape>;
    }
  }
  defineGetters(SavedTensors.prototype, names, ({ node }, i) => savedTensor(node, i));

  const derive = (node: Node, dys: readonly (Tensor | undefined)[]): (Tensor | undefined)[] => {
    const given = node.outputs.map((output, i) => dys[i] ?? zerosLike(output));
    const saved = new SavedTensors(node, single(given));
    if (node.saved) Object.assign(saved, node.saved);
    const t = saved as unknown as Context<I, O, S>;
    const attrs = node.attrs as A;
    const wanted = node.inputs.map((input) => input.requiresGrad);
    const all = typeof backward === 'function' ? (backward(t, attrs) as Record<string, Tensor | undefined>) : undefined;
    return wanted.map((wants, i) => {
      if (!wants) return undefined;
      const gradient = all ? all[names[i]] : lines[i]?.(t, attrs);
      if (gradient && !sameShape(gradient.shape, node.inputs[i].shape)) {
        throw new ShapeError(
          `The derivative of ${name} by ${names[i]} is ${formatShape(gradient.shape)}, ` +
            `but ${names[i]} is ${formatShape(node.inputs[i].shape)}; mend the op's backward.`,
        );
      }
      return gradient;
    });
  };
  const differentiable = {
    name,
    inputs: names,
    derive: backward && derive,
    meaning:
      spec.meaning &&
      ((inputs: readonly Tensor[], attrs: object) =>
        [(spec.meaning as (...args: unknown[]) => Results<O>)(...inputs, attrs)].flat() as readonly Tensor[]),
  };
  const taped = backward !== undefined || spec.meaning !== undefined;

  const call = (...args: unknown[]) => {
    const tensors = operands(name, names, args);
    const attrs = (args[names.length] ?? noAttributes) as A;
    if (attributes && attrs !== noAttributes) checkAttributes(name, attributes, attrs);
    const t: Record<string, unknown> = {};
    for (let i = 0; i < tensors.length; i++) t[names[i]] = tensors[i];
    const inferred = inferOrExplain(name, names, tensors, () => spec.infer(t as Named<I, Spec>, attrs));
    const outputs = Array.isArray(inferred) ? inferred.map(emptyOf) : [emptyOf(inferred as Spec)];
    t.y = Array.isArray(inferred) ? outputs : outputs[0];
    const saved = withTape(false, () => spec.forward(t as never, attrs));
    if (taping() && tensors.some((tensor) => tensor.requiresGrad)) {
      if (taped) new Node(differentiable, tensors, outputs, attrs, saved ?? undefined, currentPath());
      else if (isFloat(outputs[0].dtype)) noteCut(name);
    }
    opWatcher()?.(differentiable, tensors, attrs, outputs);
    return t.y;
  };
  return Object.assign(call, { opName: name }) as unknown as Op<I, A, O>;
}

/** What a derivative reads, by getters on its prototype. */
class OfNode {
  constructor(
    readonly node: Node,
    readonly dy?: unknown,
  ) {}
}

/** Makes each name a property of what inherits from `prototype`; `read` is given its position. */
function defineGetters(prototype: OfNode, names: readonly string[], read: (t: OfNode, i: number) => unknown) {
  names.forEach((name, i) => {
    Object.defineProperty(prototype, name, {
      get(this: OfNode) {
        return read(this, i);
      },
    });
  });
}

function operands(op: string, names: readonly string[], args: readonly unknown[]): Tensor[] {
  return names.map((name, i) => {
    const value = args[i];
    if (value instanceof Tensor) return value;
    if (typeof value === 'number') return scalar(op, value, widest(args));
    const what = `${op}${inLayer()}: ${name}`;
    if (value === undefined)
      throw new TypeError(
        `${what} is missing; give a tensor, or, where a layer is asked for, ${op} itself without ().`,
      );
    throw new TypeError(`${what} must be a tensor or a number, not ${describe(value)}; make it one, with tensor(…).`);
  });
}

/** The dtype that a plain number takes among these operands: that of the floats, else of the integers, else of the bytes. */
function widest(args: readonly unknown[]): DType {
  let widest: DType | undefined;
  for (const arg of args) {
    if (!(arg instanceof Tensor)) continue;
    if (isFloat(arg.dtype)) return arg.dtype;
    if (widest !== 'i32') widest = arg.dtype;
  }
  return widest ?? 'f32';
}

function scalar(op: string, value: number, dtype: DType): Tensor {
  const data = allocateUnwritten(dtype, 1);
  data[0] = value;
  if (!isFloat(dtype) && data[0] !== value)
    throw new TypeError(`${op}${inLayer()}: ${value} does not fit ${dtype}; convert the tensor to f32 with cast.`);
  return new Tensor(new Storage(data), []);
}

function checkAttributes(op: string, known: readonly string[], attrs: object): void {
  if (typeof attrs !== 'object')
    throw new OptionError(`${op}${inLayer()} takes its attributes as { ${known.join(', ')} }, not ${describe(attrs)}.`);
  for (const name in attrs)
    if (!known.includes(name))
      throw new OptionError(`${op}${inLayer()} has no attribute "${name}"; it has ${known.join(', ')}.`);
}

function inferOrExplain<O>(op: string, names: readonly string[], tensors: readonly Tensor[], infer: () => O): O {
  try {
    return infer();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const shapes = names.map((name, i) => `${name} ${formatShape(tensors[i].shape)}`).join(', ');
    throw new ShapeError(`${op}${inLayer()} with ${shapes}: ${error.message}`);
  }
}
