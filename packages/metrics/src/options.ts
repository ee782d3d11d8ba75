/** Errors: an option that `owner` does not have. */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw new TypeError(`${owner} has no option "${name}"; it has ${known.join(', ')}.`);
}
