import { checkOptions, OptionError } from '@nn/tensor';

/** Errors: no plain object; an option that the layer does not have, with those that it has; `activation`, with the remedy. */
export function checkLayerOptions(kind: string, options: object, known: readonly string[]): void {
  if (Object.hasOwn(Object(options), 'activation') && !known.includes('activation'))
    throw new OptionError(`${kind} takes no activation: put it after the layer, as in [new ${kind}({ … }), relu].`);
  checkOptions(kind, options, known);
}

/** Errors: an option that is missing. */
export function checkRequired<O extends object>(kind: string, options: O, ...names: (keyof O & string)[]): void {
  const missing = names.find((name) => options[name] === undefined);
  if (missing) throw new OptionError(`${kind} needs ${missing}: new ${kind}({ ${missing}: … }).`);
}
