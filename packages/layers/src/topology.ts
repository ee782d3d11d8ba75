import { randomState, setRandomState } from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import { functionName, type TensorFunction } from './lambda.js';
import { makeOnce, mapOptions, type Place } from './map-options.js';
import { own, setOwnFrozen } from './mode.js';
import { type AnyModule, Module } from './module.js';

/** A model without its numbers, as JSON: every module once, after those inside it; whole options, references by index. */
export interface Topology {
  readonly root: number;
  readonly modules: readonly { readonly kind: string; readonly options: unknown }[];
  /** What the root was built on; null if it is not built. */
  readonly inputs: readonly InputSpec[] | null;
  /** State keys of frozen parameters. */
  readonly frozen: readonly string[];
  /** Paths of frozen modules, which freeze what they make later; absent in older files. */
  readonly frozenModules?: readonly string[];
}

/** The classes and functions that a topology may name, such as `{ ...layers, MyLayer, relu }`. */
export type Known = Readonly<Record<string, unknown>>;

/**
 * Writes a model down. Errors: options that are neither JSON, modules nor named functions; two functions, or two classes,
 * of one name; a module inside itself.
 */
export function toTopology(model: AnyModule): Topology {
  const modules: { kind: string; options: unknown }[] = [];
  const kinds = uniqueNames('classes of layers');
  const functions = uniqueNames('functions');
  const idOf = makeOnce((module: AnyModule): number => {
    const options = mapOptions(module, {
      module: (inner) => ({ $module: idOf(inner) }),
      function: (f, place) => ({ $function: functions(nameAt(place, f), f) }),
    });
    return modules.push({ kind: kinds(module.kind, module.constructor), options }) - 1;
  }, insideItself);
  const root = idOf(model);
  const parameters = model.inputs ? [...model.namedParameters()] : [];
  const frozen = parameters.filter(([, { trainable }]) => !trainable).map(([key]) => key);
  const frozenModules = [...model.modules()].filter(([, module]) => module[own].frozen).map(([path]) => path);
  return { root, modules, inputs: model.inputs ?? null, frozen, frozenModules };
}

export const insideItself = ({ kind }: AnyModule): string => `A ${kind} is inside itself; a module cannot hold itself.`;

/** The name by which a file knows a function: not the name that JavaScript gives after the option alone. */
function nameAt({ path, key }: Place, f: TensorFunction): string {
  const name = functionName(f);
  if (name === '' || f.name === key)
    throw new Error(`${path} is an anonymous function, which no file can name; declare it with a name of its own.`);
  return name;
}

/** Gives each name back. Errors: a name that came with another value before. */
function uniqueNames(what: string): (name: string, value: unknown) => string {
  const values = new Map<string, unknown>();
  return (name, value) => {
    if (values.has(name) && values.get(name) !== value)
      throw new Error(`Two ${what} of the model are called "${name}", which no file can tell apart; rename one.`);
    values.set(name, value);
    return name;
  };
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
  const { modules, inputs, frozen, frozenModules = [] } = topology;
  const make = makeOnce(
    (id: number): AnyModule => {
      const entry = modules[id];
      if (!entry) throw new Error(`The topology refers to module ${id}, which it does not have.`);
      return classOf(entry.kind, known).fromOptions(decode(entry.options, known, make) as object);
    },
    (id) => `The topology's module ${id}, ${modules[id].kind}, is inside itself.`,
  );
  const model = make(topology.root);
  if (inputs) buildAside(model, inputs);
  for (const [path, module] of model.modules()) if (frozenModules.includes(path)) setOwnFrozen(module, true);
  if (inputs) for (const [key, parameter] of model.namedParameters()) parameter.trainable = !frozen.includes(key);
  return model;
}

/** Builds a model and leaves random streams where they are. */
export function buildAside(model: AnyModule, inputs: readonly InputSpec[]): void {
  const random = randomState();
  model.build(...inputs);
  setRandomState(random);
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
