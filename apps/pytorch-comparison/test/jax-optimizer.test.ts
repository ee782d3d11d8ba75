import { expect, test } from 'vitest';
import { networks } from '../src/networks.js';
import type { Jax, JaxArray } from '../src/peers/jax-js/library.js';
import { optimizerOf } from '../src/peers/jax-js/optimizer.js';

/** Numbers that are consumed by their use, as arrays of jax-js are. */
class Owned {
  static alive = 0;
  #uses = 1;
  readonly value: number;
  constructor(value: number) {
    this.value = value;
    Owned.alive++;
  }
  get ref() {
    this.#uses++;
    Owned.alive++;
    return this;
  }
  take(): number {
    if (this.#uses-- <= 0) throw new Error('It is gone.');
    Owned.alive--;
    return this.value;
  }
  dispose() {
    this.take();
  }
  add = (other: Owned | number) => new Owned(this.take() + numberOf(other));
  sub = (other: Owned | number) => new Owned(this.take() - numberOf(other));
  mul = (other: Owned | number) => new Owned(this.take() * numberOf(other));
  div = (other: Owned | number) => new Owned(this.take() / numberOf(other));
}

const numberOf = (other: Owned | number): number => (typeof other === 'number' ? other : other.take());

const jax = {
  numpy: {
    array: ([value]: Float32Array) => new Owned(value),
    sqrt: (x: Owned) => new Owned(Math.sqrt(x.take())),
    square: (x: Owned) => new Owned(x.take() ** 2),
  },
} as unknown as Jax;

const owned = (value: number) => new Owned(value) as unknown as JaxArray;
const heldIn = (array: JaxArray) => (array as unknown as Owned).value;

/** A parameter that begins at 1, after steps with the gradients. */
function moved(network: (typeof networks)['mlp' | 'xor' | 'lenet'], gradients: readonly number[]): number {
  const optimizer = optimizerOf(jax, network);
  let parameters = { w: owned(1) };
  let memory = optimizer.start(parameters);
  const held = 1 + 1 * memory.groups.length + memory.numbers.length;
  for (const gradient of gradients) {
    const [next, remembered] = optimizer.step(parameters, { w: owned(gradient) }, memory);
    parameters = { w: next.w };
    memory = remembered;
    expect(Owned.alive).toBe(held);
  }
  Owned.alive = 0;
  return heldIn(parameters.w);
}

test('plain descent and descent with momentum, by hand', () => {
  expect(moved(networks.xor, [2, -1])).toBeCloseTo(1 - 0.5 * 2 + 0.5 * 1, 12);
  expect(moved(networks.lenet, [2, -1])).toBeCloseTo(1 - 0.01 * 2 - 0.01 * (0.9 * 2 - 1), 12);
});

test('Adam, by hand', () => {
  const second = (0.9 * 0.1 * 2 - 0.1) / (1 - 0.9 ** 2) / Math.sqrt((0.999 * 0.001 * 4 + 0.001) / (1 - 0.999 ** 2));
  expect(moved(networks.mlp, [2, -1])).toBeCloseTo(1 - 1e-3 - 1e-3 * second, 8);
});

test('a decay of weights is refused', () => {
  const { optimizer } = networks.mlp;
  const decaying = { ...networks.mlp, optimizer: { ...optimizer, weightDecay: 1e-4 } };
  expect(() => optimizerOf(jax, decaying)).toThrow('no decay of weights');
});
