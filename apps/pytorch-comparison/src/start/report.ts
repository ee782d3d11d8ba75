import { brief, table } from '../table.js';
import type { Start } from './start.js';

const mebibytes = (bytes: number): string => brief(bytes / 2 ** 20);

/** Import, first steps and memory of every framework; empty where nothing was measured. */
export function startTable(starts: readonly Start[]): string {
  if (starts.length === 0) return '';
  return table([
    ['in a new process', '', 'import', 'holds then', 'first step', 'first three', 'rises by'],
    ['', '', 's', 'MiB', 'ms', 'ms', 'MiB'],
    [],
    ...starts.map(({ workload, framework, way, findings }) => [
      workload,
      `${framework} ${way}`,
      brief(findings.importSeconds),
      mebibytes(findings.importBytes),
      brief(findings.firstSteps[0]),
      brief(findings.firstSteps.reduce((sum, time) => sum + time, 0)),
      mebibytes(findings.risenBytes),
    ]),
  ]);
}
