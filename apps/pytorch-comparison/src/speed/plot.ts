import { chart } from '@nn/nn';
import type { Row } from './row.js';

/** Bars of how many times faster the captured step is than PyTorch's best, with quartiles, as SVG. */
export function speedPlot(rows: readonly Row[], { title }: { readonly title: string }): Promise<string> {
  const values = rows.flatMap(({ workload, speedup, task }) => (speedup ? [{ workload, task, ...speedup }] : []));
  const y = { field: 'workload', type: 'nominal', sort: null, title: null } as const;
  const scale = { type: 'log' } as const;
  return chart({
    title,
    data: { values },
    width: 520,
    height: { step: 22 },
    layer: [
      {
        mark: { type: 'bar', height: 14 },
        encoding: {
          y,
          x: { field: 'median', type: 'quantitative', title: 'times faster than PyTorch’s best', scale },
          x2: { datum: 1 },
          color: { field: 'task', type: 'nominal', scale: { range: ['#2563eb', '#ea580c'] }, legend: { title: null } },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 2, color: '#111827' },
        encoding: { y, x: { field: 'first', type: 'quantitative', scale }, x2: { field: 'third' } },
      },
    ],
  });
}
