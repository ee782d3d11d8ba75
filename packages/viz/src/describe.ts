import { functionName, Module, type TensorFunction } from '@nn/layers';
import { formatShape, type Parameter, type Shape } from '@nn/tensor';
import { grouped } from './numbers.js';

const longest = 48;

/** `outFeatures` → `out features`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Options as they were given, in lines of bearable length; modules inside are left out. */
export function describeOptions(options: object): string[] {
  const parts = Object.entries(options).flatMap(([name, value]) => {
    const text = describeValue(value);
    return text === undefined ? [] : [`${words(name)} ${text}`];
  });
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= longest) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines;
}

function describeValue(value: unknown): string | undefined {
  if (value === undefined || value instanceof Module) return undefined;
  if (typeof value === 'function') return functionName(value as TensorFunction);
  if (typeof value !== 'object' || value === null) return String(value);
  const text = Array.isArray(value) ? `[${value.join(', ')}]` : describePart(value).join(', ');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Options, or a part of a trainer, such as a schedule, by its kind and options. */
function describePart(value: object): string[] {
  const { kind, options } = value as { readonly kind?: unknown; readonly options?: object };
  return typeof kind === 'string' && options ? [kind, ...describeOptions(options)] : describeOptions(value);
}

const shapesOf = (shapes: readonly Shape[]): string => shapes.map(formatShape).join(', ');

/** `[1, 28, 28] → [6, 24, 24]`; one shape where both are the same. */
export function describeShapes(inputs: readonly Shape[], outputs: readonly Shape[]): string {
  const [before, after] = [shapesOf(inputs), shapesOf(outputs)];
  return before === after ? before : `${before} → ${after}`;
}

/** `1 234 parameters`, and whether they are fixed. */
export function describeParameters(parameters: readonly Parameter[]): string {
  const count = (list: readonly Parameter[]) => list.reduce((sum, { size }) => sum + size, 0);
  const [total, frozen] = [count(parameters), count(parameters.filter(({ trainable }) => !trainable))];
  const text = `${grouped(total)} parameter${total === 1 ? '' : 's'}`;
  if (frozen === 0) return text;
  return frozen === total ? `${text}, frozen` : `${text}, ${grouped(frozen)} frozen`;
}
