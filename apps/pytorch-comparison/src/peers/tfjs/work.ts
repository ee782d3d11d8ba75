import type { Network } from '../../networks.js';
import type { RawArray } from '../../raw-arrays.js';
import type { PeerAssignment } from '../../rivals/peer.js';
import type { Opened } from '../serve.js';
import { givenOf, meanSquare, timed, withoutDecay } from '../work.js';
import type { Optimizer, Tensor, TensorFlow } from './library.js';
import { modelOf } from './model.js';

/** Training or inference in TensorFlow.js. */
export function workOf(tf: TensorFlow, assignment: PeerAssignment): Opened {
  const { task, network } = assignment;
  const given = givenOf(assignment);
  const model = modelOf(tf, network, given);
  const x = samplesOf(tf, given.x);
  const batchOf = (rows: readonly number[]) => tf.tensor(rows, [rows.length], 'int32');
  if (task === 'infer')
    return async ({ batches, steps }) => {
      const prepared = batches.map((rows) => tf.tidy(() => tf.gather(x, batchOf(rows))));
      const step = (batch: Tensor) => tf.tidy(() => model.forward(batch, false));
      const { seconds, results } = await timed(prepared, steps, step);
      return { seconds, values: emptied(results).map(meanSquare) };
    };
  const y = given.y && samplesOf(tf, given.y);
  const [optimizer, loss] = [optimizerOf(tf, network), lossOf(tf, network)];
  return async ({ batches, steps }) => {
    const step = (rows: Tensor) =>
      optimizer.minimize(
        () => {
          const batch = tf.gather(x, rows);
          return loss(model.forward(batch, true), y ? tf.gather(y, rows) : batch);
        },
        true,
        model.variables,
      );
    const { seconds, results } = await timed(batches.map(batchOf), steps, step);
    return { seconds, values: emptied(results).map(([value]) => value) };
  };
}

/** Samples; images as [rows, height, width, channels], labels as whole numbers. */
function samplesOf(tf: TensorFlow, { data, shape }: RawArray): Tensor {
  const made = tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32');
  return shape.length === 4 ? tf.transpose(made, [0, 2, 3, 1]) : made;
}

/** What tensors hold; they are gone then. */
const emptied = (tensors: readonly Tensor[]): Float32Array[] =>
  tensors.map((tensor) => {
    const numbers = tensor.dataSync();
    tensor.dispose();
    return numbers;
  });

const lossOf =
  (tf: TensorFlow, { loss }: Network) =>
  (prediction: Tensor, target: Tensor): Tensor =>
    loss === 'crossEntropy'
      ? tf.losses.softmaxCrossEntropy(tf.oneHot(target, prediction.shape[1]), prediction)
      : tf.losses.meanSquaredError(target, prediction);

function optimizerOf(tf: TensorFlow, network: Network): Optimizer {
  const optimizer = withoutDecay(network);
  if (optimizer.kind === 'adam') return tf.train.adam(optimizer.learningRate, 0.9, 0.999, optimizer.epsilon);
  const { learningRate, momentum } = optimizer;
  return momentum === 0 ? tf.train.sgd(learningRate) : tf.train.momentum(learningRate, momentum);
}
