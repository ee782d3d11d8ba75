import type { MessagePort } from 'node:worker_threads';
import type { Callback, EndEvent, EpochEndEvent, StartEvent, StepEvent } from '@nn/train';

/** What a module for `trainMany` is given besides the configuration. */
export interface Job<Data = unknown> {
  /** The position of the configuration. */
  readonly index: number;
  /** The tensors and other values that all share; what is written to them, all see. */
  readonly data: Data;
  /** Aborted when `trainMany` is; pass it to `fit`. */
  readonly signal: AbortSignal;
  /** A callback for `fit` that tells `onProgress`. */
  readonly progress: Callback;
}

/** The default export of a module for `trainMany`. What it returns is sent back: plain values, tensors among them. */
export type TrainOne<Config, Result, Data = unknown> = (config: Config, job: Job<Data>) => Result | Promise<Result>;

/** What a network tells on its way; steps some ten times a second, the other events all. */
export type ProgressEvent = StartEvent | Omit<StepEvent, 'figures'> | EpochEndEvent | EndEvent;

/** A job on its way to a worker. */
export interface Task {
  readonly module: string;
  readonly config: unknown;
  readonly index: number;
  /** As shared. */
  readonly data: unknown;
  readonly seed: number;
  /** Takes messages; gives anything to abort. */
  readonly port: MessagePort;
}

/** What a worker tells on its way: that it has begun, then events. */
export type Message = 'begun' | ProgressEvent;

/** What a job gave: its value, packed, or its error in words, as classes of errors do not pass from thread to thread. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack?: string } };

/** Milliseconds from one step that is told to the next. */
const stepInterval = 100;

/** Tells the events of a run to `send`, in a form that threads can be sent. */
export function progressTo(send: (event: ProgressEvent) => void): Callback {
  let told = -Infinity;
  return {
    onStart: send,
    onStep: ({ figures: _, ...event }) => {
      if (performance.now() - told < stepInterval) return;
      told = performance.now();
      send(event);
    },
    onEpochEnd: send,
    onEnd: send,
  };
}
