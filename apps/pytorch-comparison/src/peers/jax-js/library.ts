/**
 * An array of jax-js. Who is given one owns it: every use consumes it, but for a use of `ref`, which counts one use more.
 */
export interface JaxArray {
  readonly shape: number[];
  readonly ref: JaxArray;
  dispose(): void;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  sum(axis?: number): JaxArray;
  mean(axis?: number): JaxArray;
  reshape(shape: number[]): JaxArray;
  transpose(order: number[]): JaxArray;
  astype(dtype: string): JaxArray;
  data(): Promise<Float32Array>;
  [Symbol.iterator](): IterableIterator<JaxArray>;
}

/** Arrays by name. */
export type Arrays = Record<string, JaxArray>;

type Elementwise = (x: JaxArray) => JaxArray;

/** What this comparison uses of `@jax-js/jax`, which is not there to be asked for its types. */
export interface Jax {
  init(device: 'wasm'): Promise<readonly string[]>;
  defaultDevice(device: 'wasm'): unknown;
  jit<A extends unknown[], R>(work: (...arguments_: A) => R): (...arguments_: A) => R;
  /** The value and what is handed out beside it, and the gradient by the first argument. */
  valueAndGrad<P, A extends unknown[], X>(
    loss: (parameters: P, ...others: A) => [JaxArray, X],
    options: { readonly hasAux: true },
  ): (parameters: P, ...others: A) => [[JaxArray, X], P];
  blockUntilReady(arrays: unknown): Promise<unknown>;
  readonly numpy: {
    readonly float32: string;
    readonly int32: string;
    array(numbers: Float32Array | Int32Array, options: { readonly shape: number[]; readonly dtype: string }): JaxArray;
    take(x: JaxArray, rows: JaxArray, axis: number): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    readonly tanh: Elementwise;
    readonly sqrt: Elementwise;
    readonly square: Elementwise;
    readonly max: Elementwise;
  };
  readonly nn: {
    readonly relu: Elementwise;
    readonly sigmoid: Elementwise;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    oneHot(labels: JaxArray, classes: number): JaxArray;
  };
  readonly lax: {
    convGeneralDilated(x: JaxArray, w: JaxArray, strides: number[], padding: [number, number][]): JaxArray;
    convTranspose(
      x: JaxArray,
      w: JaxArray,
      strides: number[],
      padding: [number, number][],
      options: { readonly transposeKernel: true },
    ): JaxArray;
    reduceWindow(x: JaxArray, reduce: Elementwise, size: number[], strides: number[]): JaxArray;
    stopGradient(x: JaxArray): JaxArray;
  };
  readonly random: {
    key(seed: number): JaxArray;
    split(key: JaxArray, count: number): JaxArray;
    bernoulli(key: JaxArray, probability: number, shape: number[]): JaxArray;
  };
}
