import { checkOptions, OptionError } from '@nn/tensor';

/** Errors: an option that the layer does not have, with those that it has; `activation`, with the remedy. */
export function checkLayerOptions(kind: string, options: object, known: readonly string[]): void {
  if ('activation' in options && !known.includes('activation'))
    throw new OptionError(`${kind} takes no activation: put it after the layer, as in [new ${kind}({ … }), relu].`);
  checkOptions(kind, options, known);
}
