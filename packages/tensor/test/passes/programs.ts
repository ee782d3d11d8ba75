import { expect } from 'vitest';
import {
  type Data,
  defineKernel,
  type Kernel,
  type Pass,
  type Program,
  type ProgramBuffer,
  type ProgramLaunch,
  randomWords,
  type Tensor,
  type TensorTree,
} from '../../src/index.js';
import { interpret } from '../../src/program.js';
import { Recording } from '../../src/recording.js';

/** Whole numbers below a bound, that a seed fixes. */
export function numbers(seed: number): (bound: number) => number {
  const state = new Int32Array([seed, 7, 0, 0]);
  return (bound) => {
    let value = 0;
    randomWords(state, 1, (_, word) => {
      value = (word >>> 0) % bound;
    });
    return value;
  };
}

const elementwise = (name: string, f: (a: number, b: number) => number): Kernel =>
  defineKernel({
    name,
    buffers: { y: 'write', a: 'read', b: 'read' },
    over: 'element',
    reference({ y, a, b }) {
      for (let i = 0; i < y.length; i++) y[i] = f(a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]);
    },
  }).kernel;

const accumulate = defineKernel({
  name: 'test/accumulate',
  buffers: { y: 'update', a: 'read' },
  over: 'element',
  reference({ y, a }) {
    for (let i = 0; i < y.length; i++) y[i] += a[a.length === 1 ? 0 : i];
  },
}).kernel;

const total = defineKernel({
  name: 'test/total',
  buffers: { y: 'write', a: 'read' },
  over: 'whole',
  reference: ({ y, a }) => y.fill(Array.from(a).reduce((sum, x) => sum + x / 8, 0)),
}).kernel;

const kernels = [elementwise('test/mix', (a, b) => a / 2 - b), elementwise('test/wave', (a, b) => Math.sin(a) * b)];

/** A random program of elementwise launches, updates and sums over buffers of three lengths; half of its buffers matter to nobody. */
export function randomProgram(seed: number): Program {
  const below = numbers(seed);
  const lengths = [1, 7, 12];
  const buffers: ProgramBuffer[] = lengths.map((length) => ({ kind: 'input', dtype: 'f64', length }));
  const launches: ProgramLaunch[] = [];
  const pick = (length: number): number => {
    const fitting = buffers.flatMap((buffer, i) => (buffer.length === length ? [i] : []));
    return fitting[below(fitting.length)];
  };
  const make = (length: number): number => buffers.push({ kind: 'temporary', dtype: 'f64', length }) - 1;
  for (let i = 3 + below(30); i > 0; i--) {
    const length = lengths[below(3)];
    const operand = () => pick(below(4) === 0 ? 1 : length);
    const what = below(8);
    const [kernel, own] =
      what === 0
        ? [total, [make(length), pick(lengths[below(3)])]]
        : what === 1 && buffers.some((buffer) => buffer.length === length && buffer.kind === 'temporary')
          ? [accumulate, [lastTemporary(buffers, length), operand()]]
          : [kernels[below(2)], [operand(), operand()]];
    launches.push({
      kernel,
      attrs: {},
      path: '',
      buffers: own.length === kernel.bufferNames.length ? own : [make(length), ...own],
    });
  }
  const results = buffers.flatMap(({ kind }, i) => (kind === 'temporary' && below(4) === 0 ? [i] : []));
  return {
    buffers: buffers.map((buffer, i) => (results.includes(i) ? { ...buffer, kind: 'result' } : buffer)),
    launches,
    inputs: [0, 1, 2],
    results,
  };
}

const lastTemporary = (buffers: readonly ProgramBuffer[], length: number): number =>
  buffers.findLastIndex((buffer) => buffer.length === length && buffer.kind === 'temporary');

/** What the program gives, run on the references in its planned memory, which holds NaN at first. */
export function resultsOf(program: Program, order = (launches: readonly ProgramLaunch[]) => launches): Data[] {
  const arrays = program.results.map((i) => new Float64Array(program.buffers[i].length));
  const inputs = program.inputs.map((i) =>
    Float64Array.from({ length: program.buffers[i].length }, (_, k) => k / 3 - 1),
  );
  interpret({ ...program, launches: order(program.launches) }, ({ kernel, storages, attrs }) => {
    storages.forEach(({ data }, i) => {
      if (kernel.accesses[i] === 'write' && !storages.some((other, j) => j !== i && other.data === data))
        data.fill(NaN);
    });
    kernel.reference(
      storages.map(({ data }) => data),
      attrs,
    );
  }).run(inputs, arrays);
  return arrays;
}

/** The program after a pass, as the reference backend has it. */
export const applied = (pass: Pass, program: Program): Program => pass.apply(program, () => false);

/** Holds a pass to giving what the program gave, to the bit. */
export function expectSame(pass: Pass, program: Program): void {
  expect(resultsOf(applied(pass, program)), `after ${pass.name}`).toEqual(resultsOf(program));
}

/** The program that a step records. */
export const programOf = (step: (...inputs: Tensor[]) => TensorTree, ...inputs: Tensor[]): Program =>
  Recording.of((standIns: Tensor[]) => step(...standIns), inputs).program;

/** The names of a program's kernels, in order. */
export const namesOf = ({ launches }: Program): string[] => launches.map(({ kernel }) => kernel.name);

export const seeds = Array.from({ length: 80 }, (_, seed) => seed);
