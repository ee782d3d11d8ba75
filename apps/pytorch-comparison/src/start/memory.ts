import { existsSync, readFileSync } from 'node:fs';

const status = '/proc/self/status';

/**
 * Bytes of memory of this process: now (`VmRSS`) or at most (`VmHWM`), by Linux. Elsewhere by Node, whose maximum may
 * count what the parent held when it started this process.
 */
export function memory(field: 'VmRSS' | 'VmHWM'): number {
  if (existsSync(status)) {
    const found = new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(readFileSync(status, 'utf8'));
    if (found) return 1024 * Number(found[1]);
  }
  return field === 'VmRSS' ? process.memoryUsage.rss() : 1024 * process.resourceUsage().maxRSS;
}
