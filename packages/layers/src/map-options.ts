import type { TensorFunction } from './lambda.js';
import { type AnyModule, Module } from './module.js';

/** Where in a module's options something stands: `Residual.body`, under the key `body`; elements of arrays have none. */
export interface Place {
  readonly path: string;
  readonly key: string;
}

/** What takes the place of the modules and functions in options. */
export interface Replacement {
  readonly module: (module: AnyModule) => unknown;
  readonly function: (f: TensorFunction, place: Place) => unknown;
}

/** A module's options with its modules and functions replaced, all else copied. Errors: objects that are not plain. */
export const mapOptions = ({ kind, options }: AnyModule, replacement: Replacement): object =>
  mapValue(options, { path: kind, key: '' }, replacement) as object;

function mapValue(value: unknown, { path, key }: Place, replacement: Replacement): unknown {
  if (value instanceof Module) return replacement.module(value);
  if (typeof value === 'function') return replacement.function(value as TensorFunction, { path, key });
  if (Array.isArray(value))
    return value.map((item, i) => mapValue(item, { path: `${path}[${i}]`, key: '' }, replacement));
  if (value === null || typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error(`${path} is a ${value.constructor.name}, which cannot be written down; use plain JSON values.`);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, mapValue(item, { path: `${path}.${name}`, key: name }, replacement)]),
  );
}

/** Makes one value of each key. Errors: a key that is wanted while it is being made, with what `circular` says. */
export function makeOnce<K, V>(make: (key: K) => V, circular: (key: K) => string): (key: K) => V {
  const made = new Map<K, V>();
  const making = new Set<K>();
  return (key) => {
    if (made.has(key)) return made.get(key) as V;
    if (making.has(key)) throw new Error(circular(key));
    making.add(key);
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
