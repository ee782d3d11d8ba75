import {
  type Attributes,
  type Backend,
  type Compiled,
  type Data,
  defineKernel,
  type Kernel,
  type Program,
  type ProgramBuffer,
  Storage,
} from '@nn/tensor';
import { expect, test } from 'vitest';
import { loadNativeBackend } from '../src/index.js';
import { native, noise } from './native.js';

const backend: Backend | undefined = loadNativeBackend();

const unary = (name: string, f: (x: number) => number): Kernel =>
  defineKernel({
    name,
    buffers: { y: 'write', x: 'read' },
    over: 'element',
    reference({ y, x }) {
      for (let i = 0; i < y.length; i++) y[i] = f(x[i]);
    },
  }).kernel;

const clamp = defineKernel({
  name: 'clamp',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  attrs: { low: 'number', high: 'number' },
  reference({ y, x }, { low, high }) {
    for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(x[i], low), high);
  },
}).kernel;

const gatherRows = defineKernel({
  name: 'gatherRows',
  buffers: { y: 'write', x: 'read', index: 'read' },
  over: 'row',
  attrs: { rows: 'number', count: 'number', size: 'number' },
  reference: () => expect.fail('C++ has this kernel'),
}).kernel;

const square = unary('square', (x) => x * x);
const exp = unary('exp', Math.exp);
const unknown = unary('someone/increment', (x) => x + 1);

const buffer = (kind: ProgramBuffer['kind'], length: number, storage?: Storage): ProgramBuffer => ({
  kind,
  dtype: 'f32',
  length,
  storage,
});
const step = (kernel: Kernel, buffers: number[], attrs: Attributes = {}, path = '') => ({
  kernel,
  buffers,
  attrs,
  path,
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Data) => Buffer.from(buffer, byteOffset, byteLength);
const sameBits = (a: Data, b: Data) => bytesOf(a).equals(bytesOf(b));

function compile(program: Program): Compiled & Required<Pick<Compiled, 'runAsync'>> {
  const compiled = backend?.compile?.(program);
  if (!compiled?.runAsync) throw new Error('the backend compiles no programs');
  return compiled as Compiled & Required<Pick<Compiled, 'runAsync'>>;
}

/** result = clamp(input² + 1), external = clamp(result), with a kernel between that C++ does not know. */
function mixed(length: number, external: Storage): Program {
  return {
    buffers: [
      buffer('input', length),
      buffer('temporary', length),
      buffer('temporary', length),
      buffer('result', length),
      buffer('external', length, external),
    ],
    launches: [
      step(square, [1, 0]),
      step(unknown, [2, 1]),
      step(clamp, [3, 2], { low: 1.25, high: 1.5 }),
      step(clamp, [4, 3], { low: 0, high: 1.375 }),
    ],
    inputs: [0],
    results: [3],
  };
}

if (backend) {
  test.each([0, 1, 5, 1000, 100_000])('a program of native and reference launches over %d elements', async (length) => {
    const external = new Storage(new Float32Array(length));
    const compiled = compile(mixed(length, external));
    for (const seed of [1, 2]) {
      const x = noise(length, seed);
      const expected = x.map((value) => Math.min(Math.max(Math.fround(value * value) + 1, 1.25), 1.5));
      for (const run of [compiled.run, compiled.runAsync]) {
        const y = new Float32Array(length).fill(Number.NaN);
        external.data.fill(Number.NaN);
        await run([x], [y]);
        expect(sameBits(y, expected)).toBe(true);
        expect(
          sameBits(
            external.data,
            expected.map((value) => Math.min(value, 1.375)),
          ),
        ).toBe(true);
      }
    }
  });

  test('a stretch between references may hold a region with a number beyond its launches', () => {
    const external = new Storage(new Float32Array(5));
    const program = mixed(5, external);
    const tiled = program.launches.map((launch, i) =>
      i < 2 ? launch : { ...launch, tiling: { region: 9, chain: 8 } },
    );
    const [x, y, expected] = [noise(5, 1), new Float32Array(5), new Float32Array(5)];
    compile({ ...program, launches: tiled }).run([x], [y]);
    compile(program).run([x], [expected]);
    expect(sameBits(y, expected)).toBe(true);
  });

  test('an asynchronous run leaves the event loop free', async () => {
    const length = 2_000_000;
    const chain = Array.from({ length: 40 }, (_, i) => step(i % 2 ? square : exp, [2 - (i % 2), 1 + (i % 2)]));
    const compiled = compile({
      buffers: [
        buffer('input', length),
        buffer('temporary', length),
        buffer('temporary', length),
        buffer('result', length),
      ],
      launches: [step(clamp, [1, 0], { low: -1e-3, high: 1e-3 }), ...chain, step(square, [3, 1])],
      inputs: [0],
      results: [3],
    });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await compiled.runAsync([noise(length)], [new Float32Array(length)]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  test('launches beside an asynchronous run get the right numbers', async () => {
    const length = 300_000;
    const program: Program = {
      buffers: [buffer('input', length), buffer('temporary', length), buffer('result', length)],
      launches: [...Array.from({ length: 30 }, () => step(exp, [1, 0])), step(square, [2, 1])],
      inputs: [0],
      results: [2],
    };
    const programs = [compile(program), compile(program), compile(program)];
    const x = noise(length);
    const alone = new Float32Array(length);
    programs[0].run([x], [alone]);
    const results = programs.map(() => new Float32Array(length).fill(Number.NaN));
    let running = programs.length;
    const runs = programs.map(async (compiled, i) => {
      await compiled.runAsync([x], [results[i]]);
      running--;
    });
    while (running > 0) {
      const y = new Float32Array(length).fill(Number.NaN);
      backend.launch({ kernel: exp, storages: [new Storage(y), new Storage(x)], attrs: {}, path: '' });
      expect(y.every((value, i) => Math.fround(value * value) === alone[i])).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(runs);
    for (const result of results) expect(sameBits(result, alone)).toBe(true);
  });

  test('a second run of a program that still runs is refused', async () => {
    const length = 4_000_000;
    const compiled = compile({
      buffers: [buffer('input', length), buffer('result', length)],
      launches: Array.from({ length: 10 }, () => step(exp, [1, 0])),
      inputs: [0],
      results: [1],
    });
    const [x, y] = [noise(length), new Float32Array(length)];
    const first = compiled.runAsync([x], [y]);
    expect(() => compiled.run([x], [new Float32Array(length)])).toThrow('await that run first');
    await first;
    compiled.run([x], [y]);
  });

  test('an array passed twice is bound once', () => {
    const compiled = compile({
      buffers: [buffer('input', 3), buffer('result', 3)],
      launches: [step(square, [1, 0])],
      inputs: [0, 0],
      results: [1],
    });
    const [x, y] = [Float32Array.of(1, 2, 3), new Float32Array(3)];
    compiled.run([x, x], [y]);
    expect([...y]).toEqual([1, 4, 9]);
  });

  test('a failing launch names its kernel and layer and stops the run', async () => {
    const index = new Storage(Int32Array.of(0, 7));
    const after = new Storage(new Float32Array(2));
    const compiled = compile({
      buffers: [
        buffer('input', 4),
        { kind: 'external', dtype: 'i32', length: 2, storage: index },
        buffer('temporary', 2),
        buffer('external', 2, after),
      ],
      launches: [
        step(gatherRows, [2, 0, 1], { rows: 4, count: 2, size: 1 }, 'trunk.2'),
        step(clamp, [3, 2], { low: 1, high: 1 }),
      ],
      inputs: [0],
      results: [],
    });
    const message = 'gatherRows: index 7 at position 1 is outside 0…3 (in "trunk.2")';
    expect(() => compiled.run([noise(4)], [])).toThrow(new RangeError(message));
    await expect(compiled.runAsync([noise(4)], [])).rejects.toThrow(new RangeError(message));
    expect([...after.data]).toEqual([0, 0]);
    index.data[1] = 3;
    compiled.run([noise(4)], []);
    expect([...after.data]).toEqual([1, 1]);
  });

  test('arrays of another length or dtype are refused', () => {
    const compiled = compile({
      buffers: [buffer('input', 3), buffer('result', 3)],
      launches: [step(square, [1, 0])],
      inputs: [0],
      results: [1],
    });
    const good = new Float32Array(3);
    const bad: Data[] = [new Float32Array(2), new Int32Array(3), new Float64Array(3)];
    for (const array of bad) {
      expect(() => compiled.run([array], [good])).toThrow('argument 0 must be an array of 3 f32');
      expect(() => compiled.run([good], [array])).toThrow('argument 1 must be an array of 3 f32');
    }
    expect(() => compiled.run([good], [])).toThrow();
  });

  test('a timed run tells when each launch began and how long it took', async () => {
    const compiled = compile(mixed(100_000, new Storage(new Float32Array(100_000))));
    const launches = compiled.program?.launches.length as number;
    for (const run of [compiled.run, compiled.runAsync]) {
      const times = new Float64Array(2 * launches).fill(Number.NaN);
      const before = performance.now() * 1e6;
      await run([noise(100_000)], [new Float32Array(100_000)], times);
      let end = before;
      for (let i = 0; i < times.length; i += 2) {
        expect(times[i]).toBeGreaterThanOrEqual(end - 1e3);
        expect(times[i + 1]).toBeGreaterThan(1e3);
        end = times[i] + times[i + 1];
      }
      expect(end).toBeLessThan(performance.now() * 1e6 + 1e3);
    }
    const short = () =>
      native()
        .program(Float64Array.of(0, 0, 0, 0), new Uint8Array(0), [])
        .run(new Float64Array(1));
    expect(short).toThrow("The program's times must be an array of 0 f64.");
  });

  test('code that does not fit together is refused', () => {
    const number = native()
      .kernels()
      .findIndex(({ name }) => name === 'square');
    const external = new Float32Array(4);
    const good = [2, 2, 0, 4, 0, 1, 0, 4, 0, 1, number, 0, 1, 0, 0, 0, 1, 1];
    const build = (code: number[]) => native().program(Float64Array.from(code), new Uint8Array(16), [external]);
    build(good).run();
    for (let end = 0; end < good.length; end++)
      expect(() => build(good.slice(0, end)), `cut at ${end}`).toThrow('broken');
    for (let i = 0; i < good.length; i++) {
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 50]) {
        expect(() => build(good.with(i, wrong)), `number ${i} is ${wrong}`).toThrow('broken');
      }
    }
    expect(() => build([...good, 1])).toThrow('broken');
    expect(() => build(good.with(3, 5))).toThrow('beyond the arena');
    expect(() => build(good.with(4, 2))).toThrow('not aligned');
    expect(() => build(good.with(4, 4))).toThrow('beyond the arena');
    expect(() => build(good.with(7, 3))).toThrow('another dtype or length');
    expect(() => build(good.with(6, 2))).toThrow('another dtype or length');
    expect(() => build(good.with(2, 2))).toThrow('does not take');
  });

  test('memory that was transferred away is not touched', () => {
    const external = new Storage(new Float32Array(1000));
    const compiled = compile(mixed(1000, external));
    const run = () => compiled.run([noise(1000)], [new Float32Array(1000)]);
    run();
    structuredClone(external.data, { transfer: [external.data.buffer as ArrayBuffer] });
    expect(run).toThrow('transferred to another thread');
    const x = new Storage(new Float32Array(1000));
    structuredClone(x.data, { transfer: [x.data.buffer as ArrayBuffer] });
    const y = new Storage(new Float32Array(1000));
    expect(() => backend.launch({ kernel: exp, storages: [y, x], attrs: {}, path: '' })).toThrow('x has 0 elements');
  });

  test('a program lives on when only its function is kept', async () => {
    const length = 50_000;
    const compiled = compile(mixed(length, new Storage(new Float32Array(length))));
    const x = noise(length);
    const first = new Float32Array(length);
    compiled.run([x], [first]);
    for (let i = 0; i < 200; i++) new Float32Array(200_000).fill(i);
    const second = new Float32Array(length);
    await compiled.runAsync([x], [second]);
    expect(sameBits(second, first)).toBe(true);
  });

  test('a kernel whose signature differs from the native one is refused', () => {
    const other = defineKernel({
      name: 'clamp',
      buffers: { y: 'write', x: 'read' },
      over: 'element',
      attrs: { low: 'number', top: 'number' },
      reference: () => {},
    }).kernel;
    const storages = [new Storage(new Float32Array(1)), new Storage(new Float32Array(1))];
    const launch = () => backend.launch({ kernel: other, storages, attrs: { low: 0, top: 1 }, path: '' });
    expect(launch).toThrow('"clamp" is { write y, read x } low top in TypeScript');
    expect(launch).toThrow('{ write y, read x } low high in C++');
  });

  test('dtypes that C++ does not have run on the reference', () => {
    const [x, y] = [new Storage(Float64Array.of(3)), new Storage(new Float64Array(1))];
    backend.launch({ kernel: square, storages: [y, x], attrs: {}, path: '' });
    expect(y.data[0]).toBe(9);
  });
} else {
  test('there is no backend to test here', () => expect(backend).toBeUndefined());
}
