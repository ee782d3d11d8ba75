import { OptionError } from './errors.js';

/** Errors: an option that the layer does not know, with those that it does; `activation`, with the remedy. */
export function checkOptions(kind: string, options: object, known: readonly string[]): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    if (option === 'activation')
      throw new OptionError(`${kind} takes no activation: put it after the layer, as in [new ${kind}({ … }), relu].`);
    throw new OptionError(`${kind} has no option "${option}"; it knows ${known.join(', ') || 'none'}.`);
  }
}
