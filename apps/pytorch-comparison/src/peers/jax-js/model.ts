import type { Layer, Network } from '../../networks.js';
import { batchNorm } from '../work.js';
import type { Arrays, Jax, JaxArray } from './library.js';

/** What a step reads beside what it trains. */
interface Surroundings {
  /** Running statistics by their state keys. */
  readonly statistics: Arrays;
  /** The key from which masks of dropout are drawn; none in evaluation mode. */
  readonly key?: JaxArray;
}

/** The output, and the running statistics behind it. Consumes all arrays it is given. */
export type Forward = (parameters: Arrays, x: JaxArray, surroundings: Surroundings) => [JaxArray, Arrays];

interface Context {
  readonly parameters: Arrays;
  readonly statistics: Arrays;
  readonly training: boolean;
  /** A new key. */
  draw(): JaxArray;
}

type Step = (x: JaxArray, context: Context) => JaxArray;

/** The network as a function, for jax-js to trace. */
export function forwardOf(jax: Jax, { layers }: Network): Forward {
  const steps = layers.map((layer, i) => stepOf(jax, layer, `${i}`));
  const drawn = layers.filter(({ kind }) => kind === 'dropout').length;
  return (parameters, x, { statistics, key }) => {
    const keys = key && drawn > 0 ? [...jax.random.split(key, drawn)] : [];
    if (drawn === 0) key?.dispose();
    const context: Context = {
      parameters,
      statistics: { ...statistics },
      training: key !== undefined,
      draw: () => takeFrom(keys),
    };
    const output = steps.reduce((value, step) => step(value, context), x);
    return [output, context.statistics];
  };
}

function takeFrom(keys: JaxArray[]): JaxArray {
  const key = keys.pop();
  if (!key) throw new RangeError('There are more layers of dropout than keys.');
  return key;
}

function stepOf(jax: Jax, layer: Layer, name: string): Step {
  const { numpy: np, nn, lax } = jax;
  const [weight, bias] = [`${name}.weight`, `${name}.bias`];
  switch (layer.kind) {
    case 'linear':
      return (x, { parameters }) => {
        const product = np.matmul(x, parameters[weight].transpose([1, 0]));
        return layer.bias ? product.add(parameters[bias]) : product;
      };
    case 'convolution': {
      const padding = twice(twice(layer.padding));
      return (x, { parameters }) =>
        lax
          .convGeneralDilated(x, parameters[weight], twice(layer.stride), padding)
          .add(parameters[bias].reshape([layer.to, 1, 1]));
    }
    case 'transposed': {
      const padding = twice<[number, number]>([layer.padding, layer.padding - layer.outputPadding]);
      return (x, { parameters }) =>
        lax
          .convTranspose(x, parameters[weight], twice(layer.stride), padding, { transposeKernel: true })
          .add(parameters[bias].reshape([layer.to, 1, 1]));
    }
    case 'batchNorm':
      return normalization(jax, name);
    case 'dropout': {
      const kept = 1 - layer.probability;
      return (x, { training, draw }) => {
        if (!training) return x;
        const mask = jax.random.bernoulli(draw(), kept, x.shape).astype(np.float32);
        return x.mul(mask.div(kept));
      };
    }
    case 'maxPool':
      return (x) => lax.reduceWindow(x, np.max, twice(layer.size), twice(layer.size));
    case 'flatten':
      return (x) => x.reshape([x.shape[0], -1]);
    case 'tanh':
      return (x) => np.tanh(x);
    default: {
      const activation = nn[layer.kind];
      return (x) => activation(x);
    }
  }
}

const twice = <T>(value: T): [T, T] => [value, value];

/** Batch normalisation of [rows, features], as PyTorch has it: the running variance is that of the batch without bias. */
function normalization({ numpy: np, lax }: Jax, name: string): Step {
  const [meanKey, varianceKey] = [`${name}.running_mean`, `${name}.running_var`];
  const follow = (running: JaxArray, value: JaxArray) =>
    running.mul(1 - batchNorm.momentum).add(lax.stopGradient(value).mul(batchNorm.momentum));
  return (x, { parameters, statistics, training }) => {
    const rows = x.shape[0];
    const mean = training ? x.ref.mean(0) : statistics[meanKey].ref;
    const centred = x.sub(mean.ref);
    const variance = training ? np.square(centred.ref).mean(0) : statistics[varianceKey].ref;
    if (training) {
      statistics[meanKey] = follow(statistics[meanKey], mean.ref);
      statistics[varianceKey] = follow(statistics[varianceKey], variance.ref.mul(rows / (rows - 1)));
    }
    mean.dispose();
    return centred
      .div(np.sqrt(variance.add(batchNorm.epsilon)))
      .mul(parameters[`${name}.weight`])
      .add(parameters[`${name}.bias`]);
  };
}
