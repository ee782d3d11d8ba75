/** Something that users do wrong, and what the error must say about it. */
export interface Mistake {
  /** What they did, in a sentence. */
  readonly mistake: string;
  /** Makes the mistake; `folder` is an empty directory, for mistakes with files. */
  readonly attempt: (folder: string) => unknown;
  /** Where it is (op, layer, node, option, file, line …), and what to do about it. */
  readonly says: readonly [place: RegExp, remedy: RegExp];
}
