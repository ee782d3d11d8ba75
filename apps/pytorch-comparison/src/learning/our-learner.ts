import { argmax, capture, crossEntropy, gatherRows, manualSeed, noGrad, setThreads, type Tensor, tensor } from '@nn/nn';
import { toFloat64 } from '@nn/testing';
import { readArrays } from '../arrays.js';
import { modelOf } from '../model.js';
import { framework } from '../rivals/ours.js';
import { stepOf } from '../step.js';
import type { Learner, Lesson } from './learner.js';

const rowsOf = (batch: readonly number[]): Tensor => tensor(Int32Array.from(batch));

/** This framework, with captured steps; in double precision where the samples are. */
export function ourLearner({ network, weights, samples, threads, seed }: Lesson): Learner {
  const { x, y } = Object.fromEntries(readArrays(samples));
  const model = modelOf(network).loadStateDict(readArrays(weights));
  if (x.dtype === 'f64') toFloat64(model);
  manualSeed(seed);
  const { step } = stepOf({ task: 'train', network }, model, { x, y });
  const train = capture(step);
  const judge = capture((rows: Tensor) =>
    noGrad(() => {
      const [logits, labels] = [model.run(gatherRows(x, rows)), gatherRows(y, rows)];
      return { loss: crossEntropy(logits, labels), answers: argmax(logits), labels };
    }),
  );
  return {
    framework,
    async train(batches) {
      setThreads(threads);
      model.train();
      const prepared = batches.map(rowsOf);
      const start = performance.now();
      const losses = prepared.map((rows) => train(rows).detach());
      const seconds = (performance.now() - start) / 1000;
      return { seconds, values: losses.map((loss) => loss.item()) };
    },
    async evaluate(batches) {
      setThreads(threads);
      model.eval();
      let [sum, right, count] = [0, 0, 0];
      for (const batch of batches) {
        const { loss, answers, labels } = judge(rowsOf(batch));
        sum += loss.item() * batch.length;
        answers.data.forEach((answer, i) => {
          right += Number(answer === labels.data[i]);
        });
        count += batch.length;
      }
      return { loss: sum / count, accuracy: right / count };
    },
    async close() {},
  };
}
