import { describe, expect, test } from 'vitest';
import {
  add,
  type Backend,
  backward,
  capture,
  costOf,
  defineKernel,
  gatherRows,
  inScope,
  interpret,
  matmul,
  multiply,
  noGrad,
  normal,
  ones,
  Parameter,
  type Profile,
  profile,
  referenceBackend,
  relu,
  startProfile,
  sum,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from '../src/index.js';

/** The reference kernels on a machine of 1 GFLOP/s, 2 GB/s in memory and 4 GB/s below 1000 bytes. */
const measured: Backend = {
  ...referenceBackend,
  limits: () => ({
    flops: 1e9,
    memory: [
      { bytes: 0, bandwidth: 4e9 },
      { bytes: 1000, bandwidth: 2e9 },
    ],
  }),
};

function training() {
  const w = new Parameter(normal([8, 4]));
  const step = (x: Tensor) => {
    const y = inScope('hidden', () => relu(matmul(x, w)));
    const loss = sum(y);
    const gradient = backward(loss).of(w);
    noGrad(() => inScope('optimizer', () => w.assign(add(w, multiply(gradient, -0.01)))));
    return loss;
  };
  return { step, x: normal([16, 8]) };
}

const callsBy = (found: Profile<unknown>, grouping: 'kernel' | 'layer') =>
  Object.fromEntries(found.by(grouping).map(({ name, calls }) => [name, calls]));

const expected = {
  kernel: { matmul: 4, relu: 2, sum: 2, fill: 2, copy: 2, reluGradient: 2, multiply: 2, add: 2, cast: 2 },
  layer: { hidden: 4, 'hidden (backward)': 4, optimizer: 6, 'outside layers': 6 },
};

describe('profile', () => {
  const { step, x } = training();
  const captured = capture(step);
  test.each([
    ['an eager step', () => step(x)],
    ['a captured step', () => captured(x)],
  ])('of %s counts every launch by kernel and by layer, and its times add up', (_, work) => {
    const found = profile(work, { repeats: 2 });
    expect(callsBy(found, 'kernel')).toEqual(expected.kernel);
    expect(callsBy(found, 'layer')).toEqual(expected.layer);
    expect(found.result.shape).toEqual([]);
    expect(found).toMatchObject({ runs: 2, backend: 'reference', limits: undefined });
    expect(found.total.calls).toBe(20);
    expect(found.total.milliseconds).toBeGreaterThan(0);
    expect(found.total.milliseconds).toBeLessThanOrEqual(found.milliseconds);
    for (const grouping of ['kernel', 'layer', 'launch'] as const) {
      const rows = found.by(grouping);
      const sumOf = (value: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + value(row), 0);
      expect(sumOf(({ share }) => share)).toBeCloseTo(1);
      expect(sumOf(({ milliseconds }) => milliseconds)).toBeCloseTo(found.total.milliseconds);
      expect(rows.map(({ milliseconds }) => milliseconds)).toEqual(
        rows.map(({ milliseconds }) => milliseconds).sort((a, b) => b - a),
      );
    }
  });

  test('leaves captured steps compiled', () => {
    let compiled = 0;
    let runs = 0;
    const backend: Backend = {
      ...referenceBackend,
      compile(program) {
        compiled++;
        const inner = interpret(program, referenceBackend.launch);
        return {
          program,
          run(...args) {
            runs++;
            inner.run(...args);
          },
        };
      },
    };
    withBackend(backend, () => {
      const double = capture((a: Tensor) => multiply(a, 2));
      for (let i = 0; i < 3; i++) double(ones([3]));
      const found = profile(() => double(ones([3])), { repeats: 5, warmup: 0 });
      expect(callsBy(found, 'kernel')).toEqual({ fill: 5, multiply: 5 });
      expect([compiled, runs]).toEqual([1, 8]);
    });
  });

  test('sees what a backend runs that takes no times, and asynchronous runs', async () => {
    const backend: Backend = {
      ...referenceBackend,
      compile: (program) => ({ run: interpret(program, referenceBackend.launch).run }),
    };
    const double = capture((a: Tensor) => multiply(a, 2));
    const a = ones([3]);
    for (let i = 0; i < 3; i++) double(a);
    expect(
      callsBy(
        withBackend(backend, () => profile(() => double(a), { repeats: 5 })),
        'kernel',
      ),
    ).toEqual({
      multiply: 5,
    });
    const profiling = startProfile();
    await double.runAsync(a);
    expect(profiling.stop().total.calls).toBe(1);
  });

  test('says how near a launch came to what the machine can do', () => {
    const found = withBackend(measured, () => profile(() => matmul(ones([16, 32]), ones([32, 64])), { repeats: 1 }));
    const [row] = found.by('kernel').filter(({ name }) => name === 'matmul');
    const seconds = row.milliseconds / 1e3;
    const [flops, bytes] = [2 * 16 * 32 * 64, 4 * (16 * 32 + 32 * 64 + 16 * 64)];
    expect(row.gigaflops).toBeCloseTo(flops / seconds / 1e9);
    expect(row.gigabytes).toBeCloseTo(bytes / seconds / 1e9);
    expect(row.ofLimit).toBeCloseTo(Math.max(flops / 1e9, bytes / 2e9) / seconds);
    const small = withBackend(measured, () => profile(() => ones([10]), { repeats: 1 })).total;
    expect(small.ofLimit).toBeCloseTo(40 / 4e9 / (small.milliseconds / 1e3));
  });

  test('prints columns, and says what it leaves out', () => {
    const found = withBackend(measured, () => profile(() => captured(x), { repeats: 3 }));
    const text = found.table({ rows: 3 });
    expect(text).toMatch(
      /^\d+\.\d{3} ms on the reference kernels, 3 runs of \d+\.\d{3} ms; \d+\.\d % of it in 30 launches\.\n/,
    );
    expect(text).toContain('The machine does at most 1 GFLOP/s, and 2 GB/s in memory to 4 GB/s in caches.');
    expect(text).toMatch(/\n\nkernel +calls +ms +share +GFLOP\/s +GB\/s +of limit\n/);
    expect(found.table()).toMatch(/\nmatmul +6 +\d+\.\d{3} +\d+\.\d % +\d+\.\d +\d+\.\d +\d+\.\d %\n/);
    expect(text).toMatch(/\ntotal +30 .*\nNot shown: 6 rows\.\n\nlayer +calls/);
    const launches = found.table({ by: ['launch'] });
    expect(launches).toContain('matmul (y 64, a 128, b 32) in hidden ');
    expect(launches).not.toContain('\nlayer');
  });

  test('writes a timeline in which launches lie inside layers, and those inside runs', () => {
    const found = profile(() => captured(x), { repeats: 2 });
    const { traceEvents: events } = JSON.parse(JSON.stringify(found.trace())) as ReturnType<typeof found.trace>;
    const kinds = (cat: string) => events.filter((event) => event.cat === cat);
    expect(kinds('run')).toHaveLength(2);
    expect(new Set(kinds('layer').map(({ name }) => name))).toEqual(
      new Set(['hidden', 'hidden (backward)', 'optimizer']),
    );
    expect(kinds('kernel')).toHaveLength(20);
    const holds = (outer: (typeof events)[number], inner: (typeof events)[number]) =>
      outer.ts <= inner.ts && inner.ts + inner.dur <= outer.ts + outer.dur + 1e-6;
    for (const event of kinds('kernel')) {
      expect(event).toMatchObject({ ph: 'X', pid: 1, tid: 1 });
      expect(kinds('run').filter((run) => holds(run, event))).toHaveLength(1);
      const layers = kinds('layer').filter((layer) => holds(layer, event));
      expect(layers.map(({ name }) => name)).toEqual(event.args.path === '' ? [] : [event.args.path]);
    }
    expect(kinds('kernel').find(({ name }) => name === 'matmul')).toMatchObject({
      name: 'matmul',
      args: {
        path: 'hidden',
        sizes: { y: 64, a: 128, b: 32 },
        attributes: { m: 16, k: 8, n: 4 },
        flops: 1024,
        bytes: 896,
      },
    });
  });

  test('keeps as many launches for the timeline as it is told, and counts the others', () => {
    const found = profile(() => ones([1]), { repeats: 10, events: 4 });
    expect(found.trace().traceEvents).toHaveLength(4);
    expect(found.total.calls).toBe(10);
  });

  test('ends, also when the work fails', () => {
    const profiling = startProfile();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => profile(fail, { warmup: 0 })).toThrow('no');
    ones([1]);
    const found = profiling.stop();
    ones([1]);
    expect(found.total.calls).toBe(1);
  });

  test('refuses work that is asynchronous, and counts that are none', () => {
    expect(() => profile(async () => 1)).toThrow('use startProfile() before it and stop() after it');
    expect(() => profile(() => 1, { repeats: 0 })).toThrow('profile: repeats is a whole number from 1');
  });
});

describe('costOf', () => {
  const extents = (...lengths: number[]) => lengths.map((length) => ({ dtype: 'f32', length }) as const);

  test('counts bytes once, twice where they are updated, and none that are not touched', () => {
    const move = defineKernel({
      name: 'someone/move',
      buffers: { w: 'update', g: 'read' },
      over: 'element',
      flops: (_, { w }) => 2 * w,
      reference() {},
    });
    expect(costOf({ kernel: move.kernel, attrs: {} }, extents(10, 10))).toEqual({ flops: 20, bytes: 120 });
    const found = profile(() => gatherRows(zeros([1000, 4]), tensor([3, 1, 7], { dtype: 'i32' })), { repeats: 1 });
    const [gather] = found.launches.filter(({ kernel }) => kernel === 'gatherRows');
    expect(gather).toMatchObject({ bytes: 4 * (12 + 12 + 3), flops: 0 });
  });
});
