import { chart } from '@nn/nn';
import { framework } from '../rivals/ours.js';
import { pytorchName } from '../rivals/pytorch.js';
import { championOf, type Row } from './row.js';

/** One of the charts side by side that `chart` takes. */
type Panel = Extract<Parameters<typeof chart>[0], { readonly concat: unknown }>['concat'][number];

const y = { field: 'workload', type: 'nominal', sort: null, title: null } as const;
const scale = { type: 'log' } as const;
const size = { width: 520, height: { step: 22 } } as const;

/**
 * How many times faster the captured step is than PyTorch's best, with quartiles; and where others were measured, the times of
 * all. As SVG; undefined where there is nobody to compare with.
 */
export async function speedPlot(
  rows: readonly Row[],
  { title }: { readonly title: string },
): Promise<string | undefined> {
  const panels = [...speedups(rows), ...times(rows)];
  return panels.length > 0
    ? chart({ title, columns: 1, concat: panels, resolve: { scale: { color: 'independent' } } })
    : undefined;
}

/** Bars of speedups over PyTorch, none without it. */
function speedups(rows: readonly Row[]): Panel[] {
  const values = rows.flatMap(({ workload, speedup, task }) => (speedup ? [{ workload, task, ...speedup }] : []));
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      ...size,
      layer: [
        {
          mark: { type: 'bar', height: 14 },
          encoding: {
            y,
            x: { field: 'median', type: 'quantitative', title: 'times faster than PyTorch’s best', scale },
            x2: { datum: 1 },
            color: {
              field: 'task',
              type: 'nominal',
              scale: { range: ['#2563eb', '#ea580c'] },
              legend: { title: null },
            },
          },
        },
        {
          mark: { type: 'rule', strokeWidth: 2, color: '#111827' },
          encoding: { y, x: { field: 'first', type: 'quantitative', scale }, x2: { field: 'third' } },
        },
      ],
    },
  ];
}

/** Points of the fastest times of every framework; none where only PyTorch was measured. */
function times(rows: readonly Row[]): Panel[] {
  const values = rows.flatMap(fastest);
  const frameworks = [...new Set(values.map((value) => value.framework))];
  if (frameworks.every((name) => name === framework || name === pytorchName)) return [];
  return [
    {
      data: { values },
      ...size,
      mark: { type: 'point', filled: true, size: 70 },
      encoding: {
        y,
        x: { field: 'milliseconds', type: 'quantitative', title: 'ms a step, the fastest of each framework', scale },
        color: {
          ...{ field: 'framework', type: 'nominal', legend: { title: null } },
          scale: {
            domain: frameworks,
            range: ['#2563eb', '#ea580c', '#16a34a', '#9333ea'].slice(0, frameworks.length),
          },
        },
      },
    },
  ];
}

/** The fastest showing of each framework; of this one, that which the comparison is about. */
function fastest({ workload, showings }: Row) {
  const best = new Map([[framework, championOf(showings)]]);
  for (const one of showings) {
    const known = best.get(one.framework);
    if (one.framework !== framework && !(known && known.milliseconds.median <= one.milliseconds.median))
      best.set(one.framework, one);
  }
  return [...best.values()].map((one) => ({
    workload,
    framework: one.framework,
    milliseconds: one.milliseconds.median,
  }));
}
