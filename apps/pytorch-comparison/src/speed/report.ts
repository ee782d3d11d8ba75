import { nameOf } from '../contestant.js';
import { geometricMean } from '../figures.js';
import { framework } from '../rivals/ours.js';
import { brief, table } from '../table.js';
import { championOf, type Row } from './row.js';

/** Milliseconds a step of every contestant, how many times faster the captured step is, and how near the limit. */
export function speedTable(rows: readonly Row[], task: Row['task']): string {
  const chosen = rows.filter((row) => row.task === task);
  if (chosen.length === 0) return '';
  const columns = new Map(
    chosen.flatMap(({ showings, refusals }) => [...showings, ...refusals].map((one) => [nameOf(one), one] as const)),
  );
  const frameworks = [...columns.values()].map((one, i, all) =>
    all[i - 1]?.framework === one.framework ? '' : one.framework,
  );
  return table([
    [task === 'train' ? 'training' : 'inference', ...frameworks, 'times faster than', '', 'share of'],
    ['ms a step', ...[...columns.values()].map(({ variant }) => variant), 'PyTorch’s best', 'quartiles', 'the limit'],
    [],
    ...chosen.map((row) => [
      row.workload,
      ...[...columns.keys()].map((key) => timeOf(row, key)),
      row.speedup ? brief(row.speedup.median) : '–',
      row.speedup ? `${brief(row.speedup.first)}–${brief(row.speedup.third)}` : '–',
      `${Math.round(100 * row.bound.share)} %`,
    ]),
  ]);
}

function timeOf({ showings, refusals, best }: Row, key: string): string {
  const found = showings.find((one) => nameOf(one) === key);
  if (!found) return refusals.some((one) => nameOf(one) === key) ? 'cannot' : '–';
  return `${best === key ? '*' : ''}${brief(found.milliseconds.median)}`;
}

/** Who cannot do what, and why, a line a reason; empty where all can do everything. */
export function refusalText(rows: readonly Row[]): string {
  const workloads = new Map<string, string[]>();
  for (const { workload, refusals } of rows)
    for (const refusal of refusals) {
      const key = JSON.stringify([nameOf(refusal), refusal.reason]);
      workloads.set(key, [...(workloads.get(key) ?? []), workload]);
    }
  return [...workloads]
    .map(([key, names]) => {
      const [who, reason] = JSON.parse(key) as [string, string];
      return `${who} cannot do ${names.join(', ')}: ${reason}`;
    })
    .join('\n');
}

/** What can be said of the training workloads together; empty without PyTorch. */
export function summary(rows: readonly Row[]): string {
  const speedups = rows.flatMap(({ task, workload, speedup }) =>
    task === 'train' && speedup ? [{ workload, times: speedup.median }] : [],
  );
  if (speedups.length === 0) return '';
  const mean = (of: typeof speedups) => brief(geometricMean(of.map(({ times }) => times)));
  const others = speedups.filter(({ workload }) => workload !== 'xor');
  const wider = others.length < speedups.length ? `, ${mean(speedups)} with xor` : '';
  return `Training, geometric mean: ${mean(others)} times faster than PyTorch's best${wider}.`;
}

/** The line that tells of a row as soon as it is there. */
export function lineOf(row: Row): string {
  const champion = championOf(row.showings);
  const time = `${row.workload}: ${framework} ${brief(champion.milliseconds.median)} ms`;
  return row.speedup ? `${time}, ${brief(row.speedup.median)} × ${row.best}` : time;
}
