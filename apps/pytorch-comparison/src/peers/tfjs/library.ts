export interface Tensor {
  readonly shape: readonly number[];
  dataSync(): Float32Array;
  dispose(): void;
}

export interface Variable extends Tensor {
  assign(value: Tensor): void;
}

export interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true, variables: readonly Variable[]): Tensor;
}

type Numbers = ArrayLike<number>;

/** What this comparison uses of `@tensorflow/tfjs-core`, which is not there to be asked for its types. */
export interface TensorFlow {
  readonly train: {
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
    momentum(learningRate: number, momentum: number): Optimizer;
    sgd(learningRate: number): Optimizer;
  };
  readonly losses: {
    softmaxCrossEntropy(oneHot: Tensor, logits: Tensor): Tensor;
    meanSquaredError(target: Tensor, prediction: Tensor): Tensor;
  };
  setBackend(name: string): Promise<boolean>;
  tidy<T>(work: () => T): T;
  variable(value: Tensor, trainable: boolean): Variable;
  tensor(numbers: Numbers, shape: readonly number[], dtype: 'float32' | 'int32'): Tensor;
  gather(x: Tensor, rows: Tensor): Tensor;
  oneHot(labels: Tensor, classes: number): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  transpose(x: Tensor, order: readonly number[]): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  dropout(x: Tensor, rate: number): Tensor;
  moments(x: Tensor, axis: number): { readonly mean: Tensor; readonly variance: Tensor };
  batchNorm(x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor, varianceEpsilon: number): Tensor;
  /** x [rows, height, width, channels], filter [height, width, from, to]. */
  conv2d(x: Tensor, filter: Tensor, strides: number, padding: number): Tensor;
  /** x [rows, height, width, from], filter [height, width, to, from]. */
  conv2dTranspose(x: Tensor, filter: Tensor, outputShape: readonly number[], strides: number, padding: number): Tensor;
  maxPool(x: Tensor, size: number, strides: number, padding: 'valid'): Tensor;
}
