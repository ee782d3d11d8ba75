import type { Limits } from './cost.js';
import type { Profile } from './profile.js';
import type { ProfileGrouping, ProfileRow } from './profile-rows.js';

export interface ProfileTableOptions {
  /** One table each. Default: by kernel and by layer. */
  readonly by?: readonly ProfileGrouping[];
  /** The most rows that a table has. Default 20. */
  readonly rows?: number;
}

const headings = ['calls', 'ms', 'share', 'GFLOP/s', 'GB/s', 'of limit'];

/** A profile as text, in columns. */
export function tableOf(
  profile: Profile<unknown>,
  { by = ['kernel', 'layer'], rows = 20 }: ProfileTableOptions,
): string {
  const tables = by.map((grouping) => {
    const all = profile.by(grouping);
    const lines = inColumns([[grouping, ...headings], ...all.slice(0, rows).map(cellsOf), cellsOf(profile.total)]);
    return all.length > rows ? `${lines}\nNot shown: ${counted(all.length - rows, 'row', 'rows')}.` : lines;
  });
  return `${[summaryOf(profile), ...tables].join('\n\n')}\n`;
}

function summaryOf({ runs, milliseconds, backend, limits, total }: Profile<unknown>): string {
  const inside = percent(total.milliseconds / milliseconds);
  const each = runs > 1 ? `, ${runs} runs of ${(milliseconds / runs).toFixed(3)} ms` : '';
  return (
    `${milliseconds.toFixed(3)} ms on the ${backend} kernels${each}; ${inside} of it in ${counted(total.calls, 'launch', 'launches')}.` +
    (limits ? `\nThe machine does at most ${limitsText(limits)}.` : '')
  );
}

function limitsText({ flops, memory }: Limits): string {
  const bandwidths = memory.map(({ bandwidth }) => bandwidth / 1e9);
  const [slowest, fastest] = [Math.min(...bandwidths), Math.max(...bandwidths)];
  return `${(flops / 1e9).toFixed(0)} GFLOP/s, and ${slowest.toFixed(0)} GB/s in memory to ${fastest.toFixed(0)} GB/s in caches`;
}

const cellsOf = ({ name, calls, milliseconds, share, gigaflops, gigabytes, ofLimit }: ProfileRow): string[] => [
  name,
  String(calls),
  milliseconds.toFixed(3),
  percent(share),
  gigaflops.toFixed(1),
  gigabytes.toFixed(1),
  ofLimit === undefined ? '' : percent(ofLimit),
];

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** Cells in columns, the first to the left, numbers to the right. */
function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
