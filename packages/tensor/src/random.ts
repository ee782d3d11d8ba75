import { empty } from './create.js';
import type { DType } from './dtype.js';
import { defineKernel } from './kernel.js';
import { randomWords, toUnit } from './philox.js';
import { forbidInStep, persistent } from './recorder.js';
import { checkShape, type Shape, ShapeError } from './shape.js';
import { Storage } from './storage.js';
import { Tensor } from './tensor.js';

/** Independent sources of random numbers, so that drawing from one never shifts another. */
export type StreamName = 'initialization' | 'dropout' | 'order' | 'augmentation';

const streamNumbers: Record<StreamName, number> = { initialization: 1, dropout: 2, order: 3, augmentation: 4 };
const streams = new Map<StreamName, Tensor>();
let seed = 0;

/**
 * Restarts every stream from one seed (32 bits). The same seed gives the same numbers on every backend.
 * Errors: no such number; inside a captured step that is being recorded; while an asynchronous run draws.
 */
export function manualSeed(value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new RangeError(`manualSeed: ${value} is no seed; use a whole number from 0 to 4294967295.`);
  setStreams('manualSeed', (name) => [value, streamNumbers[name], 0, 0]);
  seed = value;
}

const streamNames = Object.keys(streamNumbers) as StreamName[];

function setStreams(who: string, stateOf: (name: StreamName) => readonly number[]): void {
  forbidInStep(who);
  const storages = streamNames.map((name) => stream(name).storage);
  for (const storage of storages) storage.checkFree(who);
  storages.forEach((storage, i) => {
    storage.data.set(stateOf(streamNames[i]));
    storage.version++;
  });
}

/** The seed last set; 0 at the start. */
export const currentSeed = (): number => seed;

/** The state of a stream, [4] i32: the key (seed, stream) and a 64-bit counter. Kernels that draw advance it. */
export function stream(name: StreamName): Tensor {
  let state = streams.get(name);
  if (!state) {
    state = persistent(() => new Tensor(new Storage(new Int32Array([seed, streamNumbers[name], 0, 0])), [4]));
    streams.set(name, state);
  }
  return state;
}

/** The seed and every stream's position, to save and restore with `setRandomState`. */
export function randomState(): Record<StreamName, number[]> {
  return Object.fromEntries(streamNames.map((name) => [name, Array.from(stream(name).data)])) as Record<
    StreamName,
    number[]
  >;
}

/**
 * Puts every stream where `randomState` found it.
 * Errors: inside a captured step that is being recorded; while an asynchronous run draws.
 */
export function setRandomState(state: Readonly<Record<StreamName, readonly number[]>>): void {
  setStreams('setRandomState', (name) => state[name]);
  seed = state.initialization[0] >>> 0;
}

const uniformKernel = defineKernel({
  name: 'randomUniform',
  buffers: { y: 'write', state: { access: 'update', as: 'shared' } },
  over: 'whole',
  attrs: { low: 'number', high: 'number' },
  flops: (_, { y }) => 3 * y,
  reference({ y, state }, { low, high }) {
    randomWords(state as Int32Array, y.length, (i, word) => {
      y[i] = low + (high - low) * toUnit(word);
    });
  },
});

const normalKernel = defineKernel({
  name: 'randomNormal',
  buffers: { y: 'write', state: { access: 'update', as: 'shared' } },
  over: 'whole',
  attrs: { mean: 'number', deviation: 'number', bound: 'number' },
  flops: (_, { y }) => 8 * y,
  reference({ y, state }, { mean, deviation, bound }) {
    let filled = 0;
    while (filled < y.length) {
      let radius = 0;
      randomWords(state as Int32Array, y.length - filled + ((y.length - filled) % 2), (i, word) => {
        if (i % 2 === 0) {
          radius = Math.sqrt(-2 * Math.log(1 - toUnit(word)));
          return;
        }
        const angle = 2 * Math.PI * toUnit(word);
        for (const value of [radius * Math.cos(angle), radius * Math.sin(angle)])
          if (Math.abs(value) <= bound && filled < y.length) y[filled++] = mean + deviation * value;
      });
    }
  },
});

export interface RandomOptions {
  readonly dtype?: DType;
  /** The stream drawn from. Default: that of initialisation. */
  readonly from?: StreamName;
}

const draw = (shape: Shape, { dtype = 'f32', from = 'initialization' }: RandomOptions) => {
  checkShape(shape);
  return { y: empty(shape, dtype), state: stream(from) };
};

/** Numbers drawn evenly from [low, high), by default [0, 1). */
export function uniform(
  shape: Shape,
  options: RandomOptions & { readonly low?: number; readonly high?: number } = {},
): Tensor {
  const { low = 0, high = 1 } = options;
  const { y, state } = draw(shape, options);
  uniformKernel({ y, state }, { low, high });
  return y;
}

export interface NormalOptions extends RandomOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation. Default 1. */
  readonly deviation?: number;
  /** Values further than this many deviations from the mean are drawn again. Default: none are. */
  readonly bound?: number;
}

/** Numbers drawn from a normal distribution, by the Box–Muller transform. Errors: a bound below 0.01. */
export function normal(shape: Shape, options: NormalOptions = {}): Tensor {
  const { mean = 0, deviation = 1, bound = Infinity } = options;
  if (!(bound >= 0.01)) throw new ShapeError(`normal: a bound of ${bound} deviations leaves nothing to draw.`);
  const { y, state } = draw(shape, options);
  normalKernel({ y, state }, { mean, deviation, bound });
  return y;
}

/**
 * A random order of 0…n−1: a function of `round` (an epoch) and of the seed, by default the one last set. Fisher–Yates.
 */
export function permutation(n: number, round: number, options: { readonly seed?: number } = {}): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const state = new Int32Array([options.seed ?? seed, streamNumbers.order, 0, round]);
  randomWords(state, Math.max(n - 1, 0), (i, word) => {
    const last = n - 1 - i;
    const pick = Math.floor((word / 2 ** 32) * (last + 1));
    [order[last], order[pick]] = [order[pick], order[last]];
  });
  return order;
}
