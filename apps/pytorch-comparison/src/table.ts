/** Aligned columns: the first to the left, the others to the right; an empty array is a rule. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return rows
    .map((row) => {
      if (row.length === 0) return rule;
      return row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd();
    })
    .join('\n');
}

/** A number in three significant digits, never in powers of ten: 0.0123, 1.23, 123, 1234. */
export const brief = (value: number): string =>
  Number.isFinite(value) ? (value >= 100 ? value.toFixed(0) : value.toPrecision(3)) : '–';
