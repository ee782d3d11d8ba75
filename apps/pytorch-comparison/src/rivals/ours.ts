import { capture, setThreads, type Tensor, tensor } from '@nn/nn';
import { readArrays } from '../arrays.js';
import type { Contestant, Rival, Task } from '../contestant.js';
import { modelOf } from '../model.js';
import { type PreparedStep, type Samples, stepOf } from '../step.js';

/** The name under which this framework's figures stand. */
export const framework = 'nn';

/** This framework: captured on every number of threads, and eager. */
export const ours: Rival = {
  framework,
  async open(task) {
    const last = task.threads[task.threads.length - 1];
    return [
      ...task.threads.map((threads) => contestantOf(task, { captured: true, threads })),
      contestantOf(task, { captured: false, threads: last }),
    ];
  },
  close() {},
};

/** One way of this framework to do the work. */
export function contestantOf(
  task: Pick<Task, 'workload' | 'folder'>,
  options: { readonly captured: boolean; readonly threads: number },
): Contestant {
  const { captured, threads } = options;
  const { given, step } = preparedStep(task);
  const run = captured ? capture(step) : step;
  return {
    framework,
    variant: `${captured ? 'captured' : 'eager'} ${threads}`,
    async run({ batches, steps }) {
      setThreads(threads);
      const prepared = batches.map((rows) => given(tensor(Int32Array.from(rows))));
      const results: Tensor[] = new Array(steps);
      const start = performance.now();
      for (let i = 0; i < steps; i++) results[i] = run(prepared[i % prepared.length]).detach();
      const seconds = (performance.now() - start) / 1000;
      return { seconds, values: results.map(task.workload.task === 'train' ? (loss) => loss.item() : meanSquare) };
    },
    async close() {},
  };
}

/** The step of a task, on a model with the task's weights, and the samples it learns from. */
export function preparedStep({ workload, folder }: Pick<Task, 'workload' | 'folder'>): PreparedStep & {
  readonly samples: Samples;
} {
  const { x, y = x, ...weights } = Object.fromEntries(readArrays(folder));
  const model = modelOf(workload.network).loadStateDict(new Map(Object.entries(weights)));
  const samples = { x, y };
  return { ...stepOf(workload, model, samples), samples };
}

function meanSquare({ data }: Tensor): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum / data.length;
}
