import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, currentBackend, manualSeed, mnist, permutation, reshape, type Tensor } from '@nn/nn';
import { Command, InvalidArgumentError } from 'commander';
import { type Comparison, compare } from './compare.js';
import type { Contestant } from './contestant.js';
import { ours } from './ours.js';
import { pytorch, writeArrays } from './pytorch.js';
import { type Workload, workloads } from './workloads.js';

interface Options {
  readonly only?: readonly string[];
  readonly python: string;
  readonly threads: number;
  readonly quick?: boolean;
  readonly json?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
};

const program = new Command('compare')
  .description('Trains the same networks here and in PyTorch, in turn, on the same data, weights and batches.')
  .option('--only <names>', `networks to compare, such as mlp or "lenet 128"`, (text) => text.split(','))
  .option(
    '--python <path>',
    'the Python that has PyTorch',
    existsSync('.venv/bin/python') ? '.venv/bin/python' : 'python3',
  )
  .option('--threads <n>', 'threads on both sides', positive, 2)
  .option('--quick', 'fewer and shorter rounds')
  .option('--json <file>', 'write the figures to a file too');

const chosen = ({ only }: Options) =>
  workloads.filter(({ name }) => only?.some((part) => name.startsWith(part)) ?? true);

async function contest(
  workload: Workload,
  data: { images: Tensor; labels: Tensor },
  options: Options,
): Promise<Comparison> {
  const { batch, input, megaflops } = workload;
  const images = reshape(data.images, [data.images.shape[0], ...input]);
  const folder = mkdtempSync(join(tmpdir(), 'nn-compare-'));
  const model = workload.model();
  const { threads, python, quick } = options;
  const contestants: Contestant[] = [true, false].map((captured) =>
    ours(workload, clone(model), { images, labels: data.labels }, { captured, threads }),
  );
  try {
    writeArrays(folder, new Map([...model.stateDict(), ['x', images], ['y', data.labels]]));
    for (const variant of ['eager', 'fused'] as const)
      contestants.push(await pytorch(workload, { python, folder, variant, threads }));
    const stepsPerRound = Math.max(10, Math.round((quick ? 500 : 3000) / Math.sqrt(megaflops) / 4));
    const rows = images.shape[0];
    const batches = (round: number) =>
      Array.from({ length: stepsPerRound }, (_, i) => {
        const order = permutation(rows, round);
        const start = (i * batch) % (rows - batch);
        return Array.from(order.subarray(start, start + batch));
      });
    return await compare(contestants, batches, quick ? 5 : 15);
  } finally {
    for (const contestant of contestants) contestant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(workload: Workload, { milliseconds, speedups, disagreement }: Comparison): string {
  const times = [...milliseconds].map(([name, time]) => `${name} ${time.toFixed(3)} ms`).join('   ');
  const ratios = [...speedups].map(
    ([name, [first, median, third]]) =>
      `    captured is ${median.toFixed(2)} × ${name} (${first.toFixed(2)}–${third.toFixed(2)}); ` +
      `losses differ by ${(disagreement.get(name) ?? NaN).toExponential(1)}`,
  );
  return [`${workload.name.padEnd(10)} ${times}`, ...ratios].join('\n');
}

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  const selected = chosen(options);
  if (selected.length === 0)
    program.error(`--only names no network; there are ${workloads.map(({ name }) => name).join(', ')}.`);
  manualSeed(0);
  const rows = Int32Array.from({ length: 4096 }, (_, i) => i);
  const { x: images, y: labels } = (await mnist({ split: 'train' })).batch(rows);
  console.log(`Backend ${currentBackend().name}, ${options.threads} threads; medians of alternating rounds.`);
  const figures = [];
  for (const workload of selected) {
    const comparison = await contest(workload, { images, labels }, options);
    console.log(report(workload, comparison));
    const { milliseconds, speedups, disagreement } = comparison;
    figures.push({
      workload: workload.name,
      threads: options.threads,
      milliseconds: Object.fromEntries(milliseconds),
      speedups: Object.fromEntries(speedups),
      disagreement: Object.fromEntries(disagreement),
    });
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
