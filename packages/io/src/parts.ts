import type { Known } from '@nn/layers';

/** A loss, metric, optimizer or schedule: a class with a `kind`, made of `options`. */
interface Part {
  readonly options?: object;
  readonly name?: string;
}

/**
 * Writes down what a trainer is made of: parts inside arrays, records and options of other parts become their kind and
 * options. A part whose class has no `kind` leaves its name only.
 */
export function describeParts(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(describeParts);
  const { kind } = value.constructor as { readonly kind?: string };
  if (kind) return { $kind: kind, options: describeParts((value as Part).options ?? {}) };
  if (typeof (value as { result?: unknown }).result === 'function')
    return { $unknown: (value as Part).name ?? 'nameless' };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describeParts(item)]));
}

/**
 * Makes the parts that `describeParts` wrote down; `extra` options are those of the outermost part that no JSON can say.
 * Errors: a kind that `known` lacks, a part without a kind.
 */
export function makeParts(value: unknown, known: Known, role: string, extra: object = {}): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => makeParts(item, known, role));
  if ('$unknown' in value) {
    const remedy = `give its class a static kind, or pass ${role} in the last argument of loadTrainer`;
    throw new Error(`"${value.$unknown}", one of its ${role}, is of a class without a kind; ${remedy}.`);
  }
  if ('$kind' in value) {
    const { $kind: kind, options } = value as unknown as { readonly $kind: string; readonly options: unknown };
    return Reflect.construct(classOf(kind, known, role), [
      { ...(makeParts(options, known, role) as object), ...extra },
    ]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, makeParts(item, known, role)]));
}

type PartClass = new (options: object) => unknown;

function classOf(kind: string, known: Known, role: string): PartClass {
  const found = Object.values(known).find(
    (value) => typeof value === 'function' && (value as { kind?: unknown }).kind === kind,
  );
  if (!found) throw new Error(`No class is known for "${kind}", which is of its ${role}; pass it among them.`);
  return found as PartClass;
}
