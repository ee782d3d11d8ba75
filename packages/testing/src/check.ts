/**
 * One thing that must hold. A suite is a list of them, for any test runner:
 *
 * ```ts
 * for (const row of rows)
 *   describe(row.name, () => {
 *     for (const { name, run } of opSuite(row, backends)) test(name, run);
 *   });
 * ```
 */
export interface Check {
  readonly name: string;
  /** Throws an error that says what does not hold. */
  readonly run: () => void;
}

/** Runs every check and returns how many there were. Errors: one that lists every check that does not hold. */
export function runChecks(checks: readonly Check[]): number {
  const faults = checks.flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  if (faults.length > 0) throw new Error(`${faults.length} of ${checks.length} checks fail:\n${faults.join('\n')}`);
  return checks.length;
}
