import {
  allocate,
  type Data,
  type DType,
  isFloat,
  randomWords,
  type Shape,
  sizeOf,
  type Tensor,
  tensor,
} from '@nn/tensor';

/** Which numbers an input is made of. */
export interface DrawSpec {
  readonly shape: Shape;
  /** `float` (default) is f64 where derivatives are checked and f32 elsewhere. */
  readonly dtype?: 'float' | DType;
  /** Drawn evenly from [low, high): by default [-2, 2) for floats, [0, 4) for integers. */
  readonly low?: number;
  readonly high?: number;
  /** Values that the draws keep `margin` away from: kinks and poles. */
  readonly avoid?: readonly number[];
  /** Default 0.1. */
  readonly margin?: number;
  /** A number that every fourth float or so is, and at least one, such as NaN. Default: none. */
  readonly include?: number;
}

/** Numbers in [0, 1) that a seed fixes, apart from the streams that programs draw from. */
export class Generator {
  readonly #state: Int32Array;

  constructor(seed: number) {
    this.#state = new Int32Array([seed, 0x7e57, 0, 0]);
  }

  /** The next `count` numbers, multiples of 2⁻³². */
  take(count: number): Float64Array {
    const numbers = new Float64Array(count);
    randomWords(this.#state, count, (i, word) => {
      numbers[i] = (word >>> 0) / 2 ** 32;
    });
    return numbers;
  }
}

/** Numbers as `spec` asks for them, in the given float type where it leaves that open. */
export function drawData(spec: DrawSpec, generator: Generator, float: 'f32' | 'f64'): Data {
  const { shape, dtype = 'float', avoid = [], margin = 0.1, include } = spec;
  const type = dtype === 'float' ? float : dtype;
  const { low = isFloat(type) ? -2 : 0, high = isFloat(type) ? 2 : 4 } = spec;
  const data = allocate(type, sizeOf(shape));
  generator.take(data.length).forEach((number, i) => {
    const value = low + (high - low) * number;
    data[i] = isFloat(type) ? keepAway(value, avoid, margin) : Math.floor(value);
  });
  if (include !== undefined && isFloat(type)) {
    const [one] = generator.take(1);
    generator.take(data.length).forEach((number, i) => {
      if (number < 0.25 || i === Math.floor(one * data.length)) data[i] = include;
    });
  }
  return data;
}

function keepAway(value: number, avoid: readonly number[], margin: number): number {
  const near = avoid.find((kink) => Math.abs(value - kink) < margin);
  if (near === undefined) return value;
  return value < near ? near - margin : near + margin;
}

/** Inputs as the specs ask for them; floats require a gradient. */
export function drawInputs(specs: readonly DrawSpec[], seed: number, float: 'f32' | 'f64'): Tensor[] {
  const generator = new Generator(seed);
  return specs.map((spec) => {
    const data = drawData(spec, generator, float);
    return tensor(data, {
      shape: spec.shape,
      requiresGrad: data instanceof Float32Array || data instanceof Float64Array,
    });
  });
}

/** A tensor of the shape and dtype of `y`, drawn from [-1, 1): an incoming gradient. */
export const drawLike = (y: Tensor, seed: number): Tensor =>
  tensor(drawData({ shape: y.shape, dtype: y.dtype, low: -1, high: 1 }, new Generator(seed), 'f64'), {
    shape: y.shape,
  });
