import type { Layer, Network } from '../../networks.js';
import { shapeAfter } from '../shape.js';
import { arrayOf, batchNorm, type Given } from '../work.js';
import type { Tensor, TensorFlow, Variable } from './library.js';

/** A network in TensorFlow.js. Images are [rows, height, width, channels] there, the only order that its kernels know. */
export interface Model {
  /** What is trained. */
  readonly variables: readonly Variable[];
  forward(x: Tensor, training: boolean): Tensor;
}

type Step = (x: Tensor, training: boolean) => Tensor;

/** The network with the weights given. */
export function modelOf(tf: TensorFlow, { layers, input }: Network, given: Pick<Given, 'weights'>): Model {
  const variables: Variable[] = [];
  let shape: readonly number[] = input;
  let flattened: readonly number[] = [];
  const steps = layers.map((layer, i): Step => {
    const before = shape;
    shape = shapeAfter(layer, shape);
    if (layer.kind === 'flatten') flattened = before;
    const parameter = (name: string, arrange: (weights: Tensor) => Tensor = (weights) => weights) => {
      const variable = variableOf(tf, arrayOf(given, `${i}.${name}`), { arrange, trainable: true });
      variables.push(variable);
      return variable;
    };
    const statistic = (name: string) =>
      variableOf(tf, arrayOf(given, `${i}.${name}`), { arrange: (numbers) => numbers, trainable: false });
    const step = stepOf(tf, layer, { parameter, statistic, flattened, shape });
    if (layer.kind === 'linear') flattened = [];
    return step;
  });
  return { variables, forward: (x, training) => steps.reduce((value, step) => step(value, training), x) };
}

function variableOf(
  tf: TensorFlow,
  { data, shape }: ReturnType<typeof arrayOf>,
  { arrange, trainable }: { readonly arrange: (weights: Tensor) => Tensor; readonly trainable: boolean },
): Variable {
  const arranged = tf.tidy(() => arrange(tf.tensor(data, shape, 'float32')));
  return tf.variable(arranged, trainable);
}

interface Parts {
  /** The weights of that name, in another order if need be. */
  parameter(name: string, arrange?: (weights: Tensor) => Tensor): Variable;
  statistic(name: string): Variable;
  /** Channels, rows and columns of the image that a linear layer sees as features; empty where it sees none. */
  readonly flattened: readonly number[];
  /** Of a sample behind the layer. */
  readonly shape: readonly number[];
}

function stepOf(tf: TensorFlow, layer: Layer, { parameter, statistic, flattened, shape }: Parts): Step {
  switch (layer.kind) {
    case 'linear': {
      const w = parameter('weight', (weights) => linearWeights(tf, weights, flattened));
      if (!layer.bias) return (x) => tf.matMul(x, w);
      const b = parameter('bias');
      return (x) => tf.add(tf.matMul(x, w), b);
    }
    case 'convolution': {
      const [w, b] = [parameter('weight', (weights) => tf.transpose(weights, [2, 3, 1, 0])), parameter('bias')];
      return (x) => tf.add(tf.conv2d(x, w, layer.stride, layer.padding), b);
    }
    case 'transposed': {
      const [w, b] = [parameter('weight', (weights) => tf.transpose(weights, [2, 3, 1, 0])), parameter('bias')];
      const [channels, ...image] = shape;
      return (x) => tf.add(tf.conv2dTranspose(x, w, [x.shape[0], ...image, channels], layer.stride, layer.padding), b);
    }
    case 'batchNorm':
      return normalization(tf, { parameter, statistic });
    case 'dropout':
      return (x, training) => (training ? tf.dropout(x, layer.probability) : x);
    case 'maxPool':
      return (x) => tf.maxPool(x, layer.size, layer.size, 'valid');
    case 'flatten':
      return (x) => tf.reshape(x, [x.shape[0], shape[0]]);
    default: {
      const activation = tf[layer.kind];
      return (x) => activation(x);
    }
  }
}

/** Weights [to, from] as [from, to]; behind an image, with its features in the order of rows, columns and channels. */
function linearWeights(tf: TensorFlow, weights: Tensor, flattened: readonly number[]): Tensor {
  const [to, from] = weights.shape;
  if (flattened.length !== 3) return tf.transpose(weights, [1, 0]);
  return tf.reshape(tf.transpose(tf.reshape(weights, [to, ...flattened]), [2, 3, 1, 0]), [from, to]);
}

/** Batch normalisation of [rows, features], as PyTorch has it: the running variance is that of the batch without bias. */
function normalization(tf: TensorFlow, { parameter, statistic }: Pick<Parts, 'parameter' | 'statistic'>): Step {
  const [scale, offset] = [parameter('weight'), parameter('bias')];
  const [runningMean, runningVariance] = [statistic('running_mean'), statistic('running_var')];
  const follow = (running: Variable, value: Tensor) =>
    running.assign(tf.add(running, tf.mul(tf.sub(value, running), batchNorm.momentum)));
  return (x, training) => {
    if (!training) return tf.batchNorm(x, runningMean, runningVariance, offset, scale, batchNorm.epsilon);
    const { mean, variance } = tf.moments(x, 0);
    const rows = x.shape[0];
    follow(runningMean, mean);
    follow(runningVariance, tf.mul(variance, rows / (rows - 1)));
    return tf.batchNorm(x, mean, variance, offset, scale, batchNorm.epsilon);
  };
}
