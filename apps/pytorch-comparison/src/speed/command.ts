import { instructionSet } from '@nn/native-kernels';
import { currentBackend } from '@nn/nn';
import { saveFile } from '../files.js';
import { type Limits, measureLimits } from '../limits.js';
import { machine } from '../machine.js';
import { ours } from '../rivals/ours.js';
import { pytorchName } from '../rivals/pytorch.js';
import { rivalsAtHand } from '../rivals/rivals.js';
import { startTable } from '../start/report.js';
import { starts } from '../start/start.js';
import { brief } from '../table.js';
import { workloads } from '../workloads.js';
import { speedPlot } from './plot.js';
import { race } from './race.js';
import { lineOf, refusalText, speedTable, summary } from './report.js';
import { objections, type Row } from './row.js';

export interface SpeedOptions {
  readonly only?: readonly string[];
  /** Names of rivals; undefined: all that are at hand. */
  readonly rivals?: readonly string[];
  readonly python: string;
  readonly rivalsFolder: string;
  readonly threads: number;
  readonly quick: boolean;
  readonly json: string;
  readonly plot: string;
}

/** Compares the speed of all rivals at hand. Returns what speaks against the comparison. */
export async function speed(options: SpeedOptions): Promise<string[]> {
  const { only, rivals: named, python, rivalsFolder, threads, quick, json, plot } = options;
  const chosen = workloads.filter(({ name }) => only?.some((part) => name.startsWith(part)) ?? true);
  if (chosen.length === 0)
    throw new RangeError(`--only names no workload; there are ${workloads.map(({ name }) => name).join(', ')}.`);
  const { rivals, remarks } = await rivalsAtHand({ python, folder: rivalsFolder }, { named, quick });
  for (const remark of remarks) console.log(remark);
  const limits = measureLimits(threads);
  console.log(headOf({ threads, limits, rivals: rivals.map(({ title }) => title) }));

  const rows: Row[] = [];
  try {
    const counts = threads === 1 ? [1] : [1, threads];
    for (const workload of chosen) {
      const row = await race(workload, { rivals: [ours, ...rivals], threads: counts, quick, limits });
      rows.push(row);
      console.error(lineOf(row));
    }
  } finally {
    for (const rival of rivals) rival.close();
  }
  const present = rivals.some((rival) => rival.framework === pytorchName);
  const began = await starts(chosen, { python: present ? python : undefined, threads, quick });
  const tables = [speedTable(rows, 'train'), summary(rows), speedTable(rows, 'infer'), refusalText(rows)];
  for (const text of [...tables, startTable(began)]) if (text) console.log(`\n${text}`);
  const about = {
    machine: machine(),
    backend: currentBackend().name,
    instructionSet: instructionSet(),
    threads,
    quick,
  };
  saveFile(json, `${JSON.stringify({ ...about, peakFlops: limits.flops, rows, starts: began }, null, 2)}\n`);
  const drawn = await speedPlot(rows, { title: `${machine()}, ${threads} threads` });
  if (drawn) saveFile(plot, drawn);
  return rows.flatMap(objections);
}

function headOf(about: {
  readonly threads: number;
  readonly limits: Limits;
  readonly rivals: readonly string[];
}): string {
  const { threads, limits, rivals } = about;
  return [
    `${machine()}; ${currentBackend().name} kernels${instructionSet() ? ` (${instructionSet()})` : ''}.`,
    `Against ${rivals.join(', ') || 'nobody'}; the number after a variant is that of its threads, * marks PyTorch's best.`,
    `The limit: ${brief(limits.flops / 1e9)} GFLOP/s, the best of this framework's products of matrices on ${threads} ` +
      'threads, and the rate of its copies within memory of the size that a step touches.',
  ].join('\n');
}
