import { describe, expect, test } from 'vitest';
import {
  add,
  type BufferKind,
  backward,
  bytesOf,
  capture,
  type DType,
  defineKernel,
  interpret,
  matmul,
  mean,
  Parameter,
  type Program,
  placeBuffers,
  planMemory,
  randomWords,
  relu,
  square,
  type Tensor,
  uniform,
} from '../src/index.js';

/** Whole numbers below a bound, that a seed fixes. */
function numbers(seed: number): (bound: number) => number {
  const state = new Int32Array([seed, 99, 0, 0]);
  return (bound) => {
    let value = 0;
    randomWords(state, 1, (_, word) => {
      value = (word >>> 0) % bound;
    });
    return value;
  };
}

const mix = defineKernel({
  name: 'test/mix',
  buffers: { y: 'write', a: 'read', b: 'read' },
  over: 'whole',
  reference({ y, a, b }) {
    for (let i = 0; i < y.length; i++) y[i] = 1 + a[i % a.length] * 3 + b[i % b.length];
  },
}).kernel;

/** A random program: every launch writes a new buffer out of two that exist. */
function randomProgram(seed: number): Program {
  const below = numbers(seed);
  const dtypes: readonly DType[] = ['f64', 'f32'];
  const buffers: { kind: BufferKind; dtype: DType; length: number }[] = [{ kind: 'input', dtype: 'f64', length: 5 }];
  const launches = Array.from({ length: 3 + below(30) }, () => {
    const reads = [below(buffers.length), below(buffers.length)];
    const y = buffers.push({ kind: 'temporary', dtype: dtypes[below(2)], length: 1 + below(300) }) - 1;
    return { kernel: mix, buffers: [y, ...reads], attrs: {}, path: '' };
  });
  buffers[buffers.length - 1].kind = 'result';
  return { buffers, launches, inputs: [0], results: [buffers.length - 1] };
}

/** First and last launch that uses each buffer. */
const lives = ({ buffers, launches }: Program) =>
  buffers.map((_, buffer) => {
    const uses = launches.flatMap((launch, i) => (launch.buffers.includes(buffer) ? [i] : []));
    return { first: uses[0], last: uses[uses.length - 1] };
  });

const bytes = ({ dtype, length }: Program['buffers'][number]) => length * bytesOf(dtype);
const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('the memory of a program', () => {
  test.each(seeds)(
    'random program %d: no two buffers that live at a time overlap, and all lie in the arena',
    (seed) => {
      const program = randomProgram(seed);
      const plan = planMemory(program);
      const spans = lives(program);
      program.buffers.forEach((a, i) => {
        if (a.kind !== 'temporary') {
          expect(plan.offsets[i]).toBe(-1);
          return;
        }
        expect(plan.offsets[i] % 64).toBe(0);
        expect(plan.offsets[i]).toBeGreaterThanOrEqual(0);
        expect(plan.offsets[i] + bytes(a)).toBeLessThanOrEqual(plan.bytes);
        program.buffers.forEach((b, j) => {
          if (j >= i || b.kind !== 'temporary') return;
          const together = spans[i].first <= spans[j].last && spans[j].first <= spans[i].last;
          const apart = plan.offsets[i] + bytes(a) <= plan.offsets[j] || plan.offsets[j] + bytes(b) <= plan.offsets[i];
          expect(!together || apart, `buffers ${i} and ${j}`).toBe(true);
        });
      });
    },
  );

  test.each(seeds)('random program %d: gives the same in its arena as with memory for each buffer', (seed) => {
    const program = randomProgram(seed);
    const apart: Program = {
      ...program,
      buffers: program.buffers.map((b) => (b.kind === 'temporary' ? { ...b, kind: 'result' } : b)),
    };
    const kept = apart.buffers.flatMap(({ kind }, i) => (kind === 'result' ? [i] : []));
    const make = ({ dtype, length }: Program['buffers'][number]) =>
      dtype === 'f64' ? new Float64Array(length) : new Float32Array(length);
    const run = (p: Program) => {
      const results = p.results.map((i) => make(p.buffers[i]));
      interpret(p, ({ kernel, storages, attrs }) =>
        kernel.reference(
          storages.map(({ data }) => data),
          attrs,
        ),
      ).run([new Float64Array([1, 2, 3, 4, 5])], results);
      return results;
    };
    const separate = run({ ...apart, results: kept });
    expect(run(program)[0]).toEqual(separate[separate.length - 1]);
  });

  test('is smaller than the sum of the buffers, and no smaller than those of one moment', () => {
    let [planned, total] = [0, 0];
    for (const seed of seeds) {
      const program = randomProgram(seed);
      const temporaries = program.buffers.map((b, i) => ({ b, i })).filter(({ b }) => b.kind === 'temporary');
      const spans = lives(program);
      const plan = planMemory(program);
      const peak = Math.max(
        0,
        ...program.launches.map((_, t) =>
          temporaries.reduce((sum, { b, i }) => sum + (spans[i].first <= t && t <= spans[i].last ? bytes(b) : 0), 0),
        ),
      );
      expect(plan.bytes).toBeGreaterThanOrEqual(peak);
      planned += plan.bytes;
      total += temporaries.reduce((sum, { b }) => sum + Math.ceil(bytes(b) / 64) * 64, 0);
    }
    expect(planned).toBeLessThan(0.8 * total);
  });

  test('of a training step is reused, and never a kept one', () => {
    const [w1, w2] = [new Parameter(uniform([8, 16])), new Parameter(uniform([16, 8]))];
    const step = capture((x: Tensor) => {
      const loss = mean(square(matmul(relu(matmul(x, w1)), w2)));
      const gradients = backward(loss);
      return [loss.detach(), gradients.of(w1), add(gradients.of(w2), 0)];
    });
    for (let i = 0; i < 3; i++) step(uniform([32, 8]));
    const [program] = step.programs;
    const temporaries = program.buffers.filter(({ kind }) => kind === 'temporary');
    const { bytes: arena } = planMemory(program);
    expect(arena).toBeLessThan(0.7 * temporaries.reduce((sum, b) => sum + bytes(b), 0));
    expect(program.results).toHaveLength(3);
  });

  test('is placed as views of one arena; what comes from outside stays where it is', () => {
    const w = uniform([4]);
    const step = capture((x: Tensor) => square(square(add(x, w))));
    for (let i = 0; i < 2; i++) step(uniform([4]));
    const [program] = step.programs;
    const placed = placeBuffers(program);
    const arenas = new Set<ArrayBufferLike>();
    program.buffers.forEach(({ kind, storage }, i) => {
      if (kind === 'external') expect(placed[i]).toBe(storage);
      else if (kind === 'temporary') arenas.add(placed[i]?.data.buffer as ArrayBufferLike);
      else expect(placed[i]).toBeUndefined();
    });
    expect(arenas.size).toBe(1);
    expect(program.buffers.some(({ storage }) => storage === w.storage)).toBe(true);
  });
});
