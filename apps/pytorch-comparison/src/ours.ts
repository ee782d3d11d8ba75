import { backward, capture, crossEntropy, gatherRows, type Sequential, setThreads, type Tensor, tensor } from '@nn/nn';
import type { Contestant } from './contestant.js';
import { optimizerOf, type Workload } from './workloads.js';

/** This framework, training `model` on rows of `images` and `labels`. */
export function ours(
  workload: Workload,
  model: Sequential,
  { images, labels }: { readonly images: Tensor; readonly labels: Tensor },
  { captured, threads }: { readonly captured: boolean; readonly threads: number },
): Contestant {
  const optimizer = optimizerOf(workload);
  const train = (rows: Tensor): Tensor => {
    const loss = crossEntropy(model.run(gatherRows(images, rows)), gatherRows(labels, rows));
    optimizer.step(backward(loss));
    return loss;
  };
  const step = captured ? capture(train) : train;
  return {
    name: captured ? 'captured' : 'eager',
    async run(steps) {
      setThreads(threads);
      const rows = steps.map((step) => tensor(Int32Array.from(step)));
      const start = performance.now();
      const losses = rows.map((batch) => step(batch).detach());
      const seconds = (performance.now() - start) / 1000;
      return { seconds, losses: losses.map((loss) => loss.item()) };
    },
    close() {},
  };
}
