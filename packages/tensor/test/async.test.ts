import { afterEach, describe, expect, test } from 'vitest';
import {
  add,
  type Backend,
  backward,
  capture,
  interpret,
  manualSeed,
  movingAverage,
  multiply,
  Parameter,
  randomState,
  referenceBackend,
  setRandomState,
  square,
  sum,
  type Tensor,
  tensor,
  uniform,
  useBackend,
} from '../src/index.js';

const at = (...values: number[]) => tensor(values);

/** The reference, with runs that end when `finish` is called. */
function slowBackend() {
  const waiting: (() => void)[] = [];
  const backend: Backend = {
    ...referenceBackend,
    name: 'slow',
    compile(program) {
      const { run } = interpret(program, (launch) => referenceBackend.launch(launch));
      return {
        run,
        runAsync: (inputs, results) =>
          new Promise((resolve, reject) => {
            waiting.push(() => {
              try {
                run(inputs, results);
                resolve();
              } catch (error) {
                reject(error);
              }
            });
          }),
      };
    },
  };
  const finish = () => {
    for (const end of waiting.splice(0)) end();
  };
  return { backend, finish };
}

/** A step with a parameter, recorded on a slow backend. */
function recorded() {
  const { backend, finish } = slowBackend();
  useBackend(backend);
  const w = new Parameter(at(0));
  const step = capture((x: Tensor) => {
    movingAverage(w, x, { momentum: 0.5 });
    return multiply(w, x);
  });
  step(at(1));
  step(at(1));
  return { w, step, finish };
}

afterEach(() => useBackend(referenceBackend));

describe('runAsync', () => {
  test('gives what a call gives', async () => {
    const { w, step, finish } = recorded();
    const running = step.runAsync(at(2));
    finish();
    expect((await running).item()).toBe(2.75);
    expect(w.item()).toBe(1.375);
  });

  test('keeps everything that it uses from being touched until it is done', async () => {
    const { w, step, finish } = recorded();
    const x = at(2);
    const running = step.runAsync(x);
    const inUse = 'touches a tensor that an asynchronous run is still using; await that run first.';
    expect(() => w.item()).toThrow(inUse);
    expect(() => x.data).toThrow(inUse);
    expect(() => w.assign(at(1))).toThrow(`kernel "cast" ${inUse}`);
    expect(() => add(w, 1)).toThrow(`kernel "add" ${inUse}`);
    expect(() => step(at(1))).toThrow('still');
    await expect(step.runAsync(at(1))).rejects.toThrow('still');
    expect(String(w)).toBe('Tensor [1] f32 (in use)');
    finish();
    await running;
    expect(w.item()).toBe(1.375);
    expect(x.toArray()).toEqual([2]);
  });

  test('keeps the random streams that it draws from as they are', async () => {
    const { backend, finish } = slowBackend();
    useBackend(backend);
    const step = capture(() => uniform([4], { from: 'dropout' }));
    step();
    step();
    const state = randomState();
    const running = step.runAsync();
    const inUse = 'touches a tensor that an asynchronous run is still using';
    expect(() => manualSeed(5)).toThrow(`manualSeed ${inUse}`);
    expect(() => setRandomState(state)).toThrow(`setRandomState ${inUse}`);
    finish();
    await running;
    expect(randomState().order).toEqual(state.order);
  });

  test('keeps an argument from being recorded with', async () => {
    const { step, finish } = recorded();
    const other = capture((x: Tensor) => square(x));
    other(at(2));
    const x = at(2);
    const running = step.runAsync(x);
    expect(() => other(x)).toThrow('A captured step touches a tensor that an asynchronous run is still using');
    finish();
    await running;
    expect(other(x).item()).toBe(4);
  });

  test('one run at a time: temporaries have one place', async () => {
    const { backend, finish } = slowBackend();
    useBackend(backend);
    const step = capture((x: Tensor) => square(square(x)));
    step(at(1));
    step(at(1));
    const running = step.runAsync(at(3));
    await expect(step.runAsync(at(2))).rejects.toThrow('await it before the next call');
    expect(() => step(at(2))).toThrow('await it before the next call');
    finish();
    expect((await running).item()).toBe(81);
    expect(step(at(2)).item()).toBe(16);
  });

  test('raises versions, so that a stale tape is found', async () => {
    const { w, step, finish } = recorded();
    const y = multiply(w, w);
    const running = step.runAsync(at(2));
    finish();
    await running;
    expect(() => backward(sum(y))).toThrow('changed in place after the forward pass');
  });

  test('frees what it used when it fails', async () => {
    const { backend } = slowBackend();
    useBackend({
      ...backend,
      compile: () => ({ run: () => {}, runAsync: () => Promise.reject(new Error('no luck')) }),
    });
    const w = at(1);
    const step = capture((x: Tensor) => multiply(x, w));
    step(at(1));
    step(at(1));
    await expect(step.runAsync(at(1))).rejects.toThrow('no luck');
    expect(w.item()).toBe(1);
  });

  test('warms up and records like a call, and runs on backends that cannot do it', async () => {
    const step = capture((x: Tensor) => multiply(x, 2));
    for (let i = 1; i < 5; i++) expect((await step.runAsync(at(i))).item()).toBe(2 * i);
    expect(step.programs).toHaveLength(1);
  });
});
