import { readFileSync } from 'node:fs';
import {
  add,
  backward,
  type Gradients,
  multiply,
  type NestedArray,
  Parameter,
  square,
  subtract,
  sum,
  type Tensor,
  tensor,
} from '@nn/tensor';
import * as optim from '../src/index.js';

type OptimizerClass = new (options: object) => optim.Optimizer;

const isOptimizer = (value: unknown): boolean =>
  typeof value === 'function' && value.prototype instanceof optim.Optimizer;

/** Every optimizer that the package exports, by name. */
export const optimizers = Object.fromEntries(
  Object.entries(optim as Readonly<Record<string, unknown>>).filter(([, value]) => isOptimizer(value)),
) as Readonly<Record<string, OptimizerClass>>;

export interface Numbers {
  readonly weight: NestedArray;
  readonly bias: NestedArray;
}

export interface Run {
  /** The name of its class. */
  readonly optimizer: string;
  readonly options: optim.OptimizerOptions;
  /** The parameters after each step. */
  readonly path: readonly Numbers[];
}

/** What PyTorch computes; made by tools/golden/optim.py. */
export const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as {
  readonly start: Numbers;
  readonly curvature: Numbers;
  readonly pulls: readonly Numbers[];
  readonly cases: readonly Run[];
  readonly clipped: Readonly<Record<'norm' | 'value', Run>>;
  readonly schedules: Readonly<Record<string, readonly number[]>>;
  /** What schedules that watch a figure were told. */
  readonly measured: readonly number[];
};

const names = ['weight', 'bias'] as const;

/** A weight and a bias, which weight decay spares, in the bowl that the golden values were made in. */
export class Bowl {
  readonly weight = new Parameter(tensor(golden.start.weight));
  readonly bias = new Parameter(tensor(golden.start.bias), { decay: false });

  get names(): Map<string, Parameter> {
    return new Map(names.map((name) => [name, this[name]]));
  }

  /** `½ Σ curvature·p² − Σ pull·p` */
  loss(pull: { readonly [K in (typeof names)[number]]: Tensor }): Tensor {
    const [first, second] = names.map((name) => {
      const bend = multiply(multiply(tensor(golden.curvature[name]), 0.5), square(this[name]));
      return sum(subtract(bend, multiply(pull[name], this[name])));
    });
    return add(first, second);
  }

  gradients(step: number): Gradients {
    return backward(this.loss(pullAt(step)));
  }

  /** All numbers of both, flat. */
  get numbers(): number[] {
    return names.flatMap((name) => [...this[name].data]);
  }
}

export const pullAt = (step: number) => {
  const { weight, bias } = golden.pulls[step % golden.pulls.length];
  return { weight: tensor(weight), bias: tensor(bias) };
};

export const flat = ({ weight, bias }: Numbers): number[] => [weight, bias].flat(3) as number[];
