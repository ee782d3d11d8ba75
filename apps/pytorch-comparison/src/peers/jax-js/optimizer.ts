import type { Network } from '../../networks.js';
import { withoutDecay } from '../work.js';
import type { Arrays, Jax, JaxArray } from './library.js';

/** What an optimizer remembers: arrays by the names of parameters, in groups, and numbers. */
interface Memory {
  readonly groups: readonly Arrays[];
  readonly numbers: readonly JaxArray[];
}

export interface Optimizer {
  start(parameters: Arrays): Memory;
  /** The parameters after a step, and what is remembered then. Consumes what it is given. */
  step(parameters: Arrays, gradients: Arrays, memory: Memory): [Arrays, Memory];
}

const each = (arrays: Arrays, make: (array: JaxArray, name: string) => JaxArray): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, make(array, name)]));

/** Like the parameters, full of zeros. */
const zeros = (parameters: Arrays): Arrays => each(parameters, (array) => array.ref.mul(0));

/** The network's optimizer, with PyTorch's defaults. */
export function optimizerOf(jax: Jax, network: Network): Optimizer {
  const settings = withoutDecay(network);
  return settings.kind === 'adam' ? adam(jax, settings) : momentumDescent(settings);
}

/** v ← momentum · v + g, p ← p − rate · v. */
function momentumDescent({
  learningRate,
  momentum,
}: {
  readonly learningRate: number;
  readonly momentum: number;
}): Optimizer {
  if (momentum === 0)
    return {
      start: () => ({ groups: [], numbers: [] }),
      step: (parameters, gradients, memory) => [
        each(parameters, (p, name) => p.sub(gradients[name].mul(learningRate))),
        memory,
      ],
    };
  return {
    start: (parameters) => ({ groups: [zeros(parameters)], numbers: [] }),
    step(parameters, gradients, { groups: [velocity] }) {
      const next = each(velocity, (v, name) => v.mul(momentum).add(gradients[name]));
      const moved = each(parameters, (p, name) => p.sub(next[name].ref.mul(learningRate)));
      return [moved, { groups: [next], numbers: [] }];
    },
  };
}

const [beta1, beta2] = [0.9, 0.999];

/** Kingma and Ba 2015, algorithm 1; the numbers remembered are β₁ᵗ and β₂ᵗ. */
function adam(
  { numpy: np }: Jax,
  { learningRate, epsilon }: { readonly learningRate: number; readonly epsilon: number },
): Optimizer {
  const one = () => np.array(Float32Array.of(1), { shape: [], dtype: np.float32 });
  return {
    start: (parameters) => ({ groups: [zeros(parameters), zeros(parameters)], numbers: [one(), one()] }),
    step(parameters, gradients, { groups: [first, second], numbers }) {
      const [power1, power2] = [numbers[0].mul(beta1), numbers[1].mul(beta2)];
      const m = each(first, (v, name) => v.mul(beta1).add(gradients[name].ref.mul(1 - beta1)));
      const v = each(second, (v, name) => v.mul(beta2).add(np.square(gradients[name]).mul(1 - beta2)));
      const [rest1, rest2] = [power1.ref.mul(-1).add(1), power2.ref.mul(-1).add(1)];
      const moved = each(parameters, (p, name) => {
        const size = np.sqrt(v[name].ref.div(rest2.ref)).add(epsilon);
        return p.sub(m[name].ref.div(rest1.ref).div(size).mul(learningRate));
      });
      rest1.dispose();
      rest2.dispose();
      return [moved, { groups: [m, v], numbers: [power1, power2] }];
    },
  };
}
