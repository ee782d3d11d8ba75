type Field = readonly [name: string, value: unknown];

/** What a module's fields hold, by name; arrays by element: `blocks.0`. Fields declared `#private` cannot be seen. */
export const fieldsOf = (module: object): readonly Field[] =>
  Object.entries(module).flatMap(([name, value]) => (name === 'options' ? [] : elements(name, value)));

const elements = (name: string, value: unknown): readonly Field[] =>
  Array.isArray(value) ? value.flatMap((item, i) => elements(`${name}.${i}`, item)) : [[name, value]];

/** Remembers a module's fields; the result puts them back, and removes those that came since. */
export function rememberFields(module: object): () => void {
  const fields = module as Record<string, unknown>;
  const before = Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  return () => {
    for (const name of Object.keys(fields)) delete fields[name];
    Object.assign(fields, Object.fromEntries(before));
  };
}
