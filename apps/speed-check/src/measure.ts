import { capture, manualSeed, matmul, noGrad, permutation, type Tensor, tensor, uniform } from '@nn/nn';
import { ratios, spreadOf } from '@nn/pytorch-comparison/src/figures.js';
import { modelOf } from '@nn/pytorch-comparison/src/model.js';
import { samplesOf } from '@nn/pytorch-comparison/src/samples.js';
import { stepOf } from '@nn/pytorch-comparison/src/step.js';
import type { Workload } from '@nn/pytorch-comparison/src/workloads.js';

/** What is timed: it does one thing, such as a step, each time it is called. */
type Act = () => void;

const rounds = 21;
/** Milliseconds that each of the two is timed in a round. */
const turn = 40;
const warmUp = 400;

/** How long a captured step takes in units of a product of 512 × 512 matrices, measured in turn: the median over rounds. */
export async function relativeTime(workload: Workload): Promise<number> {
  const acts = [await stepAct(workload), productAct()];
  const counts = acts.map((act) => Math.max(1, Math.round(turn / settledTime(act))));
  const times = acts.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, act] of acts.entries()) times[i].push(timeOf(act, counts[i]));
  return spreadOf(ratios(times[0], times[1])).median;
}

async function stepAct(workload: Workload): Promise<Act> {
  manualSeed(0);
  const { x, y = x } = Object.fromEntries(await samplesOf(workload.network)) as { x: Tensor; y?: Tensor };
  const { given, step } = stepOf(workload, modelOf(workload.network), { x, y });
  const captured = capture(step);
  const batches = Array.from({ length: 16 }, (_, i) =>
    given(tensor(permutation(x.shape[0], i).slice(0, workload.batch))),
  );
  let next = 0;
  return () => void captured(batches[next++ % batches.length]);
}

function productAct(): Act {
  const [a, b] = [uniform([512, 512]), uniform([512, 512])];
  const product = capture((a: Tensor, b: Tensor) => noGrad(() => matmul(a, b)));
  return () => void product(a, b);
}

/** Milliseconds of one act, on average over `count`. */
function timeOf(act: Act, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) act();
  return (performance.now() - start) / count;
}

/** Milliseconds of one act, once it is compiled and recorded. */
function settledTime(act: Act): number {
  const start = performance.now();
  let time = timeOf(act, 3);
  while (performance.now() - start < warmUp) time = timeOf(act, Math.max(1, Math.round(turn / time)));
  return time;
}
