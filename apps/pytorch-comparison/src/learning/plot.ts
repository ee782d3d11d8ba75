import { chart } from '@nn/nn';
import type { Run } from './run.js';

const panels = (['loss', 'accuracy'] as const).flatMap((figure) =>
  (['train', 'validation'] as const).map((split) => ({ figure, split })),
);

/** Loss and accuracy of all sides, on training and validation images, against the epoch: 2 × 2 charts, a line a seed. */
export function learningPlot(runs: readonly Run[], { title }: { readonly title: string }): Promise<string> {
  const frameworks = Object.keys(runs[0].test);
  return chart({
    title,
    columns: 2,
    spacing: 40,
    concat: panels.map(({ figure, split }) => ({
      data: {
        values: runs.flatMap(({ seed, epochs }) =>
          epochs.flatMap((progress, i) =>
            frameworks.map((framework) => ({
              framework,
              seed,
              epoch: i + 1,
              value: progress[framework][split][figure],
            })),
          ),
        ),
      },
      width: 380,
      height: 240,
      mark: { type: 'line', strokeWidth: 1.5, opacity: 0.8, point: { size: 20 } },
      encoding: {
        x: {
          ...{ field: 'epoch', type: 'quantitative', scale: { zero: false, nice: false, padding: 8 } },
          axis: { tickMinStep: 1, format: 'd', grid: false },
        },
        y: {
          field: 'value',
          type: 'quantitative',
          title: `${split === 'train' ? 'training' : split} ${figure}`,
          scale: { zero: false },
        },
        detail: { field: 'seed', type: 'nominal' },
        color: {
          ...{ field: 'framework', type: 'nominal', scale: { domain: frameworks, range: ['#2563eb', '#ea580c'] } },
          legend: { title: null, orient: 'bottom' },
        },
      },
    })),
  });
}
