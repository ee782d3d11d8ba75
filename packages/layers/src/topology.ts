import { randomState, setRandomState } from '@nn/tensor';
import { functionName, type TensorFunction } from './lambda.js';
import { type AnyModule, type InputSpec, Module } from './module.js';

/** A model without its numbers, as JSON: every module once, whole options, references by index. */
export interface Topology {
  readonly root: number;
  readonly modules: readonly { readonly kind: string; readonly options: unknown }[];
  /** What the root was built on; null if it is not built. */
  readonly inputs: readonly InputSpec[] | null;
  /** State keys of frozen parameters. */
  readonly frozen: readonly string[];
}

/** The classes and functions that a topology may name, such as `{ ...layers, MyLayer, relu }`. */
export type Known = Readonly<Record<string, unknown>>;

/** Writes a model down. Errors: options that are neither JSON, modules nor named functions. */
export function toTopology(model: AnyModule): Topology {
  const ids = new Map<AnyModule, number>();
  const modules: { kind: string; options: unknown }[] = [];
  const add = (module: AnyModule): number => {
    const known = ids.get(module);
    if (known !== undefined) return known;
    const entry = { kind: module.kind, options: undefined as unknown };
    const id = modules.push(entry) - 1;
    ids.set(module, id);
    entry.options = encode(module.options, module.kind, add);
    return id;
  };
  const root = add(model);
  const parameters = model.inputs ? [...model.namedParameters()] : [];
  const frozen = parameters.filter(([, { trainable }]) => !trainable).map(([key]) => key);
  return { root, modules, inputs: model.inputs ?? null, frozen };
}

function encode(value: unknown, place: string, add: (module: AnyModule) => number): unknown {
  if (value instanceof Module) return { $module: add(value) };
  if (typeof value === 'function') {
    const name = functionName(value as TensorFunction);
    if (name === '')
      throw new Error(`${place} is an anonymous function, which no file can name; declare it with a name.`);
    return { $function: name };
  }
  if (Array.isArray(value)) return value.map((item, i) => encode(item, `${place}[${i}]`, add));
  if (value !== null && typeof value === 'object') {
    if (Object.getPrototypeOf(value) !== Object.prototype)
      throw new Error(`${place} is a ${value.constructor.name}, which cannot be written down; use plain JSON values.`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, encode(item, `${place}.${key}`, add)]));
  }
  return value;
}

interface ModuleClass {
  readonly kind: string;
  fromOptions(options: object): AnyModule;
}

/**
 * Makes a model of what was written down, built on the same inputs, with fresh weights; random streams stay where they
 * are. Errors: a kind of layer or a function that `known` lacks; a topology that is not one.
 */
export function fromTopology(topology: Topology, known: Known): AnyModule {
  const made = new Map<number, AnyModule>();
  const make = (id: number): AnyModule => {
    const existing = made.get(id);
    if (existing) return existing;
    const entry = topology.modules[id];
    if (!entry) throw new Error(`The topology refers to module ${id}, which it does not have.`);
    const module = classOf(entry.kind, known).fromOptions(decode(entry.options, known, make) as object);
    made.set(id, module);
    return module;
  };
  const model = make(topology.root);
  if (topology.inputs) {
    const random = randomState();
    model.build(...topology.inputs);
    setRandomState(random);
    const parameters = model.namedParameters();
    for (const key of topology.frozen) {
      const parameter = parameters.get(key);
      if (parameter) parameter.trainable = false;
    }
  }
  return model;
}

function decode(value: unknown, known: Known, make: (id: number) => AnyModule): unknown {
  if (Array.isArray(value)) return value.map((item) => decode(item, known, make));
  if (value === null || typeof value !== 'object') return value;
  if ('$module' in value) return make(value.$module as number);
  if ('$function' in value) return functionOf(value.$function as string, known);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, known, make)]));
}

function classOf(kind: string, known: Known): ModuleClass {
  const found = Object.values(known).find(
    (value) =>
      typeof value === 'function' &&
      value.prototype instanceof Module &&
      (value as unknown as ModuleClass).kind === kind,
  );
  if (!found) throw new Error(`No class is known for the layer "${kind}"; pass it: { ...layers, ${kind} }.`);
  return found as ModuleClass;
}

function functionOf(name: string, known: Known): TensorFunction {
  const found = Object.values(known).find(
    (value) =>
      typeof value === 'function' &&
      !(value.prototype instanceof Module) &&
      functionName(value as TensorFunction) === name,
  );
  if (!found) throw new Error(`No function "${name}" is known; pass it: { ...layers, ${name} }.`);
  return found as TensorFunction;
}

/** An independent copy: same structure, same numbers, sharing inside kept, nothing shared with the original. */
export function clone<M extends AnyModule>(model: M): M {
  const known: Record<string, unknown> = {};
  for (const module of model.modules().values()) {
    known[`class ${module.kind}`] = module.constructor;
    collectFunctions(module.options, known);
  }
  const copy = fromTopology(toTopology(model), known);
  if (model.inputs) copy.loadStateDict(model.stateDict());
  const modes = [...model.modules().values()].map(({ training }) => training);
  [...copy.modules().values()].forEach((module, i) => {
    if (modes[i]) module.train();
    else module.eval();
  });
  return copy as M;
}

function collectFunctions(value: unknown, known: Record<string, unknown>): void {
  if (typeof value === 'function') known[`function ${functionName(value as TensorFunction)}`] = value;
  else if (Array.isArray(value)) for (const item of value) collectFunctions(item, known);
  else if (value !== null && typeof value === 'object' && !(value instanceof Module))
    for (const item of Object.values(value)) collectFunctions(item, known);
}
