/** A value for messages: `the function crossEntropy`, `the class Adam`, `an array`, `"mse"`, `{ norm: -1 }`. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function')
    return `the ${/^class\b/.test(String(value)) ? 'class' : 'function'} ${value.name || 'without a name'}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return String(value);
  const kind = value.constructor?.name ?? 'Object';
  if (kind !== 'Object') return `an object of ${kind}`;
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${isPlain(entry) ? String(entry) : '…'}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

/** `, not "adam"`: what was given in place of what is needed; nothing where it was left out. */
export const butNot = (value: unknown): string => (value === undefined ? '' : `, not ${inWords(value)}`);

const isPlain = (value: unknown) => typeof value === 'number' || typeof value === 'boolean' || value === undefined;

/** True for an object that has this method; classes and plain functions have none. */
export const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[name] === 'function';
