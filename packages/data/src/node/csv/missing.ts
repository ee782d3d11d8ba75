import { type Cell, type ColumnType, numberOf } from './column.js';

/**
 * What becomes of missing values. 'error': they are reported, line by line. 'drop': their rows are left out, and counted.
 * 'fill': the column's mean, or its most frequent category. An object gives the values of columns by name (those that
 * a training table was filled with, say), and reports the others.
 */
export type MissingPolicy = 'error' | 'drop' | 'fill' | Readonly<Record<string, number | string>>;

/** The text that stands for a column's missing values under a policy, or undefined. */
export function fillOf(name: string, cells: readonly Cell[], type: ColumnType, policy: MissingPolicy) {
  if (typeof policy === 'object') return Object.hasOwn(policy, name) ? String(policy[name]) : undefined;
  const there = cells.flatMap(({ text }) => text ?? []);
  if (policy !== 'fill' || there.length === 0) return undefined;
  return type === 'number' ? String(meanOf(there.map(numberOf))) : mostFrequent(there);
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of several equally frequent texts the first. */
function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return texts.find((text) => counts.get(text) === most) as string;
}
