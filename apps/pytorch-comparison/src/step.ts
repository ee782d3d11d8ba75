import { backward, gatherRows, noGrad, type Sequential, type Tensor } from '@nn/nn';
import { lossOf, optimizerOf } from './model.js';
import type { Workload } from './workloads.js';

/** Samples [rows, ...] and their targets [rows, ...]. */
export interface Samples {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** What is done with a batch: `step` is timed, `given` makes its argument beforehand. */
export interface PreparedStep {
  given(rows: Tensor): Tensor;
  step(given: Tensor): Tensor;
}

/**
 * A workload's step on `model`. In training it takes the rows of the batch, gathers them from memory and gives the loss; in
 * inference it takes the batch and gives the outputs.
 */
export function stepOf(
  { task, network }: Pick<Workload, 'task' | 'network'>,
  model: Sequential,
  { x, y }: Samples,
): PreparedStep {
  if (task === 'infer') {
    model.eval();
    return { given: (rows) => gatherRows(x, rows), step: (batch) => noGrad(() => model.run(batch)) };
  }
  const [loss, optimizer] = [lossOf(network), optimizerOf(network)];
  return {
    given: (rows) => rows,
    step(rows) {
      const batch = gatherRows(x, rows);
      const value = loss(model.run(batch), y === x ? batch : gatherRows(y, rows));
      optimizer.step(backward(value));
      return value;
    },
  };
}
