import {
  fill,
  formatShape,
  inLayer,
  normal,
  OptionError,
  ones,
  type Shape,
  ShapeError,
  type Tensor,
  uniform,
  zeros,
} from '@nn/tensor';
import { orthogonal } from './orthogonal.js';

/** √(2 / (1 + slope²)). Source: He et al. 2015, arXiv:1502.01852, §2.2. */
const rectifierGain = (slope: number) => Math.sqrt(2 / (1 + slope * slope));

const gains = {
  linear: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: rectifierGain(0),
  leakyRelu: rectifierGain(0.01),
  selu: 3 / 4,
};

/**
 * A factor, or the activation that follows and asks for one: tanh 5/3, relu √2, leakyRelu (slope 0.01) √(2 / (1 + slope²)), selu
 * 3/4, linear and sigmoid 1; `{ leakyRelu: 0.2 }` for another slope. Parity: torch.nn.init.calculate_gain.
 */
export type Gain = number | keyof typeof gains | { readonly leakyRelu: number };

interface KaimingOptions {
  /** Keeps the variance of activations ('in', the default) or of gradients ('out'). */
  readonly fan?: 'in' | 'out';
  /** The slope below 0 of the LeakyReLU that follows. Default 0, a ReLU. */
  readonly slope?: number;
  /** Default √(2 / (1 + slope²)). */
  readonly gain?: Gain;
}

/** What each initialiser may be told. */
export interface InitializerOptions {
  zeros: Record<never, never>;
  ones: Record<never, never>;
  constant: { readonly value: number };
  /** Evenly from [low, high); default [0, 1). */
  uniform: { readonly low?: number; readonly high?: number };
  /** Default mean 0, deviation 1. */
  normal: { readonly mean?: number; readonly deviation?: number };
  /** Normal, drawn again beyond `bound` deviations, by default 2. */
  truncatedNormal: { readonly mean?: number; readonly deviation?: number; readonly bound?: number };
  /** Glorot's: `U(±gain·√(6 / (fanIn + fanOut)))`. Source: Glorot & Bengio 2010, §4.2. */
  xavierUniform: { readonly gain?: Gain };
  /** Glorot's: `N(0, gain²·2 / (fanIn + fanOut))`. */
  xavierNormal: { readonly gain?: Gain };
  /** He's: `U(±gain·√(3 / fan))`. Source: He et al. 2015, arXiv:1502.01852, §2.2. */
  kaimingUniform: KaimingOptions;
  /** He's: `N(0, gain² / fan)`. */
  kaimingNormal: KaimingOptions;
  /** `U(±√(3 / fanIn))`. Source: LeCun et al. 1998, "Efficient BackProp", §4.6. */
  lecunUniform: Record<never, never>;
  /** `N(0, 1 / fanIn)`. */
  lecunNormal: Record<never, never>;
  /** Orthonormal rows or columns, times gain. Source: Saxe et al. 2013, arXiv:1312.6120. */
  orthogonal: { readonly gain?: Gain };
}

type Name = keyof InitializerOptions;

/** How a weight starts: a name, or a name with options: `'kaimingNormal'`, `{ name: 'constant', value: 0.1 }`. */
export type Initializer =
  | Exclude<Name, 'constant'>
  | { [N in Name]: { readonly name: N } & InitializerOptions[N] }[Name];

const initializers: {
  readonly [N in Name]: {
    readonly options: readonly string[];
    make(shape: Shape, options: InitializerOptions[N]): Tensor;
  };
} = {
  zeros: { options: [], make: (shape) => zeros(shape) },
  ones: { options: [], make: (shape) => ones(shape) },
  constant: { options: ['value'], make: (shape, { value }) => fill(shape, value) },
  uniform: { options: ['low', 'high'], make: (shape, options) => uniform(shape, options) },
  normal: { options: ['mean', 'deviation'], make: (shape, options) => normal(shape, options) },
  truncatedNormal: {
    options: ['mean', 'deviation', 'bound'],
    make: (shape, { mean, deviation, bound = 2 }) => normal(shape, { mean, deviation, bound }),
  },
  xavierUniform: {
    options: ['gain'],
    make: (shape, { gain = 1 }) => spread(shape, gainOf(gain) * Math.sqrt(2 / (fanIn(shape) + fanOut(shape)))),
  },
  xavierNormal: {
    options: ['gain'],
    make: (shape, { gain = 1 }) =>
      normal(shape, { deviation: gainOf(gain) * Math.sqrt(2 / (fanIn(shape) + fanOut(shape))) }),
  },
  kaimingUniform: {
    options: ['fan', 'slope', 'gain'],
    make: (shape, options) => spread(shape, kaimingDeviation(shape, options)),
  },
  kaimingNormal: {
    options: ['fan', 'slope', 'gain'],
    make: (shape, options) => normal(shape, { deviation: kaimingDeviation(shape, options) }),
  },
  lecunUniform: { options: [], make: (shape) => spread(shape, Math.sqrt(1 / fanIn(shape))) },
  lecunNormal: { options: [], make: (shape) => normal(shape, { deviation: Math.sqrt(1 / fanIn(shape)) }) },
  orthogonal: {
    options: ['gain'],
    make: (shape, { gain = 1 }) => {
      checkMatrix(shape);
      return orthogonal(shape, gainOf(gain));
    },
  },
};

/** Even numbers around 0 with this standard deviation: U(±√3·deviation). */
const spread = (shape: Shape, deviation: number) =>
  uniform(shape, { low: -Math.sqrt(3) * deviation, high: Math.sqrt(3) * deviation });

function gainOf(gain: Gain): number {
  if (typeof gain === 'number') return gain;
  return typeof gain === 'string' ? gains[gain] : rectifierGain(gain.leakyRelu);
}

function kaimingDeviation(shape: Shape, { fan = 'in', slope = 0, gain }: KaimingOptions): number {
  const factor = gain === undefined ? rectifierGain(slope) : gainOf(gain);
  return factor / Math.sqrt(fan === 'in' ? fanIn(shape) : fanOut(shape));
}

/** Inputs of one output, for a weight [out, in, ...window]. Errors: fewer than two dimensions. */
export function fanIn(shape: Shape): number {
  checkMatrix(shape);
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** Outputs that one input feeds, for a weight [out, in, ...window]. */
const fanOut = (shape: Shape) => (fanIn(shape) / shape[1]) * shape[0];

function checkMatrix(shape: Shape): void {
  if (shape.length < 2)
    throw new ShapeError(
      `This initialiser${inLayer()} needs a weight of two dimensions or more, not ${formatShape(shape)}; ` +
        'use zeros, constant, uniform or normal.',
    );
}

const namedOptions = (initializer: Initializer) =>
  typeof initializer === 'string' ? { name: initializer } : initializer;

/** Errors: an initialiser, or an option of one, that does not exist; `owner` and `option` say whose. */
export function checkInitializer(owner: string, option: string, initializer: Initializer | undefined): void {
  if (initializer === undefined) return;
  const { name, ...options } = namedOptions(initializer) as { readonly name: string };
  if (!Object.hasOwn(initializers, name)) {
    const called = String(name)
      .replace(/^glorot(?=.)/, 'xavier')
      .replace(/^he(?=[A-Z])/, 'kaiming');
    const remedy = Object.hasOwn(initializers, called)
      ? `it is called ${called} here`
      : `there are ${Object.keys(initializers).join(', ')}`;
    throw new OptionError(`${owner}: ${option} "${name}" is no initialiser; ${remedy}.`);
  }
  const known = initializers[name as Name].options;
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new OptionError(
        `${owner}: ${option} ${name} has no option "${key}"; it has ${known.join(', ') || 'none'}.`,
      );
  const { value, gain } = options as { readonly value?: unknown; readonly gain?: unknown };
  if (name === 'constant' && typeof value !== 'number')
    throw new OptionError(`${owner}: ${option} constant needs a value: { name: 'constant', value: 0.1 }.`);
  if (gain !== undefined && !isGain(gain))
    throw new OptionError(
      `${owner}: ${option} ${name} knows no gain ${JSON.stringify(gain)}; give a number, { leakyRelu: slope } or ` +
        `${Object.keys(gains).join(', ')}.`,
    );
}

function isGain(gain: unknown): gain is Gain {
  if (typeof gain === 'number') return Number.isFinite(gain);
  if (typeof gain === 'string') return Object.hasOwn(gains, gain);
  const entries = Object.entries(Object(gain));
  return entries.length === 1 && entries[0][0] === 'leakyRelu' && Number.isFinite(entries[0][1]);
}

/** How `init: 'auto'` starts weights before a rectifier with this slope below 0. */
export const beforeRectifier = (slope = 0): Initializer => ({ name: 'kaimingNormal', slope });

/** How `init: 'auto'` starts weights before an activation that saturates, or before none. */
export const beforeSaturation = (activation: 'linear' | 'sigmoid' | 'tanh'): Initializer => ({
  name: 'xavierUniform',
  gain: gains[activation],
});

/**
 * Draws the first value of a weight from the initialisation stream: the same on every backend. Fans are those of a weight
 * [out, in, ...window]. Errors: an unknown initialiser or option; fans of a shape with fewer than two dimensions.
 */
export function initialize(shape: Shape, initializer: Initializer): Tensor {
  checkInitializer('initialize', 'initializer', initializer);
  const { name, ...options } = namedOptions(initializer);
  return (initializers[name].make as (shape: Shape, options: object) => Tensor)(shape, options);
}
