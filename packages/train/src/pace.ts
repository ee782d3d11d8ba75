import { type CapturedStep, capture, type TensorTree } from '@nn/tensor';

/** The event loop gets a turn whenever this many milliseconds have passed. */
const turnEvery = 4;

/** Steps that take longer than this many milliseconds run off the event loop. */
const longStep = 5;

/** The first calls record and compile: what they take says nothing. */
const recordingCalls = 2;

/** Replays before it is decided, as one alone may have been held up. */
const timedCalls = 3;

/** Lets timers, input and rendering run between steps. */
export class Breather {
  #last = performance.now();

  /** Gives the event loop a turn if it has waited long enough. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#last < turnEvery) return;
    await turn();
    this.#last = performance.now();
  }
}

const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown };

/** One turn of the event loop, without the delay that timers have. */
const turn = () =>
  new Promise<void>((resolve) => {
    if (setImmediate) {
      setImmediate(() => resolve());
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/** A step that is captured unless told otherwise, and runs off the event loop once it has shown to be long. */
export class Pacer<A extends readonly TensorTree[], R extends TensorTree> {
  readonly #plain: (...args: A) => R;
  readonly #captured: CapturedStep<A, R> | undefined;
  #calls = 0;
  #shortest = Infinity;

  constructor(step: (...args: A) => R, { captured }: { readonly captured: boolean }) {
    this.#plain = step;
    this.#captured = captured ? capture(step) : undefined;
  }

  run(...args: A): R | Promise<R> {
    const captured = this.#captured;
    if (!captured) return this.#plain(...args);
    if (this.#calls >= recordingCalls + timedCalls && this.#shortest > longStep) return captured.runAsync(...args);
    const start = performance.now();
    const result = captured(...args);
    if (++this.#calls > recordingCalls) this.#shortest = Math.min(this.#shortest, performance.now() - start);
    return result;
  }
}
