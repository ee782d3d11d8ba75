import type { Network } from '../../networks.js';
import type { RawArray } from '../../raw-arrays.js';
import type { PeerAssignment } from '../../rivals/peer.js';
import type { Opened } from '../serve.js';
import { type Given, givenOf, isStatistic, meanSquare, timed } from '../work.js';
import type { Arrays, Jax, JaxArray } from './library.js';
import { forwardOf } from './model.js';
import { optimizerOf } from './optimizer.js';

/** Training or inference in jax-js, each step traced once and compiled by its `jit`. */
export function workOf(jax: Jax, assignment: PeerAssignment): Opened {
  const given = givenOf(assignment);
  return assignment.task === 'train'
    ? training(jax, assignment.network, given)
    : inference(jax, assignment.network, given);
}

function training(jax: Jax, network: Network, given: Given): Opened {
  const [forward, loss, optimizer] = [forwardOf(jax, network), lossOf(jax, network), optimizerOf(jax, network)];
  const [x, y] = [arrayOf(jax, given.x), given.y && arrayOf(jax, given.y)];
  const judge = (parameters: Arrays, batch: JaxArray, target: JaxArray, statistics: Arrays, key: JaxArray) => {
    const [prediction, after] = forward(parameters, batch, { statistics, key });
    return [loss(prediction, target), after] as [JaxArray, Arrays];
  };
  const start = weightsOf(jax, given, false);
  let state = {
    parameters: start,
    statistics: weightsOf(jax, given, true),
    memory: optimizer.start(start),
    key: jax.random.key(0),
  };
  const step = jax.jit((before: typeof state, rows: JaxArray, x: JaxArray, y?: JaxArray) => {
    const { parameters, statistics, memory, key } = before;
    const [next, drawn] = [...jax.random.split(key, 2)];
    const batch = jax.numpy.take(x, rows.ref, 0);
    const target = y ? jax.numpy.take(y, rows, 0) : batch.ref;
    if (!y) rows.dispose();
    const kept = Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.ref]));
    const [[value, after], gradients] = jax.valueAndGrad(judge, { hasAux: true })(
      kept,
      batch,
      target,
      statistics,
      drawn,
    );
    const [moved, remembered] = optimizer.step(parameters, gradients, memory);
    return [value, { parameters: moved, statistics: after, memory: remembered, key: next }] as [JaxArray, typeof state];
  });
  return async ({ batches, steps }) => {
    const prepared = batches.map((rows) => rowsOf(jax, rows));
    const { seconds, results } = await timed(prepared, steps, async (rows) => {
      const [value, next] = y ? step(state, rows.ref, x.ref, y.ref) : step(state, rows.ref, x.ref);
      state = next;
      await jax.blockUntilReady([value, next]);
      return value;
    });
    return { seconds, values: (await numbersOf(results)).map(([value]) => value) };
  };
}

function inference(jax: Jax, network: Network, given: Given): Opened {
  const forward = forwardOf(jax, network);
  const x = arrayOf(jax, given.x);
  const parameters = weightsOf(jax, given, false);
  const statistics = weightsOf(jax, given, true);
  const shared = (arrays: Arrays): Arrays =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.ref]));
  const step = jax.jit((parameters: Arrays, batch: JaxArray, statistics: Arrays) => {
    const [output, after] = forward(parameters, batch, { statistics });
    for (const array of Object.values(after)) array.dispose();
    return output;
  });
  return async ({ batches, steps }) => {
    const prepared = batches.map((rows) => jax.numpy.take(x.ref, rowsOf(jax, rows), 0));
    await jax.blockUntilReady(prepared);
    const { seconds, results } = await timed(prepared, steps, async (batch) => {
      const output = step(shared(parameters), batch.ref, shared(statistics));
      await jax.blockUntilReady(output);
      return output;
    });
    return { seconds, values: (await numbersOf(results)).map(meanSquare) };
  };
}

/** Means are taken sample by sample, as its sums add one by one: over 100 000 numbers that rounds in the fifth digit. */
const lossOf =
  ({ nn, numpy: np }: Jax, { loss }: Network) =>
  (prediction: JaxArray, target: JaxArray): JaxArray => {
    const [rows, classes] = prediction.shape;
    if (loss === 'meanSquaredError') {
      const squares = np.square(prediction.sub(target)).reshape([rows, -1]);
      return squares.mean(1).mean(0);
    }
    return nn
      .logSoftmax(prediction, -1)
      .mul(nn.oneHot(target, classes))
      .sum()
      .mul(-1 / rows);
  };

/** The weights that are trained, or those that are not, by their state keys. */
const weightsOf = (jax: Jax, { weights }: Given, statistics: boolean): Arrays =>
  Object.fromEntries(
    [...weights].filter(([key]) => isStatistic(key) === statistics).map(([key, array]) => [key, arrayOf(jax, array)]),
  );

function arrayOf({ numpy: np }: Jax, { data, shape }: RawArray): JaxArray {
  const [whole, numbers] = data instanceof Int32Array ? [true, data] : [false, Float32Array.from(data)];
  return np.array(numbers, { shape: [...shape], dtype: whole ? np.int32 : np.float32 });
}

const rowsOf = ({ numpy: np }: Jax, rows: readonly number[]): JaxArray =>
  np.array(Int32Array.from(rows), { shape: [rows.length], dtype: np.int32 });

const numbersOf = (arrays: readonly JaxArray[]): Promise<Float32Array[]> =>
  Promise.all(arrays.map((array) => array.data()));
