import { cpus } from 'node:os';

/** The processor, and how many of it the system sees. */
export function machine(): string {
  const all = cpus();
  return `${all[0]?.model.trim() || process.arch}, ${all.length} cores`;
}
