import type { Tensor } from '@nn/tensor';
import type {
  EndEvent,
  EpochEndEvent,
  EpochStartEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
  ValidationStepEvent,
} from './events.js';
import { inWords } from './in-words.js';
import type { Trainer } from './trainer.js';

type Handled = void | Promise<void>;

/** What a callback must keep to go on after an interruption. */
export interface CallbackState {
  /** Plain JSON. */
  readonly values: unknown;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Something that is told what happens in training; training waits for each handler.
 *
 * ```ts
 * trainer.fit({ train, epochs: 5, callbacks: [{ onEpochEnd: ({ record }) => console.log(record.train.loss) }] });
 * ```
 */
export interface Callback {
  /** The name under which a checkpoint keeps its state; needed with `state`. */
  readonly name?: string;
  onStart?(event: StartEvent, trainer: Trainer): Handled;
  onEpochStart?(event: EpochStartEvent, trainer: Trainer): Handled;
  onStep?(event: StepEvent, trainer: Trainer): Handled;
  onValidationStep?(event: ValidationStepEvent, trainer: Trainer): Handled;
  onEpochEnd?(event: EpochEndEvent, trainer: Trainer): Handled;
  onEnd?(event: EndEvent, trainer: Trainer): Handled;
  /** After every callback was told of an event: what they keep then agrees, as a checkpoint needs. */
  afterAll?(event: TrainingEvent, trainer: Trainer): Handled;
  state?(): CallbackState;
  loadState?(state: CallbackState): void;
}

const handlers = ['onStart', 'onEpochStart', 'onStep', 'onValidationStep', 'onEpochEnd', 'onEnd'];

/** Errors: anything but an array of objects; one with a handler that nothing would call. */
export function checkCallbacks(callbacks: unknown): void {
  const isCallback = (value: unknown) => typeof value === 'object' && value !== null;
  if (Array.isArray(callbacks) && callbacks.every(isCallback)) {
    for (const callback of callbacks as readonly Callback[]) {
      const unknown = Object.keys(callback).find((key) => /^on[A-Z]/.test(key) && !handlers.includes(key));
      if (unknown !== undefined)
        throw new TypeError(
          `fit: the callback ${nameOf(callback, callbacks)} has ${unknown}, which is never called; there are ${handlers.join(', ')}.`,
        );
    }
    return;
  }
  const fault = Array.isArray(callbacks) ? callbacks.find((value) => !isCallback(value)) : callbacks;
  throw new TypeError(
    `fit: callbacks are given in an array, such as [new ProgressBar()], and not as ${inWords(fault)}.`,
  );
}

/** A callback threw. `cause` is what it threw; the trainer is as it was when the event happened, and can go on. */
export class CallbackError extends Error {
  override readonly name = 'CallbackError';

  /**
   * @param callback Which callback.
   * @param event The event that it was told.
   */
  constructor(
    readonly callback: string,
    readonly event: TrainingEvent['type'],
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The callback ${callback} failed when told of ${event}: ${reason.replace(/\.$/, '')}. Nothing else is lost: mend it, ` +
        'and fit({ ..., resume: true }) goes on from here.',
      { cause },
    );
  }
}

/** `EarlyStopping validation.loss`, `ProgressBar`, or `2 of 3` for an object without a name. */
function nameOf(callback: Callback, callbacks: readonly Callback[]): string {
  const kind = callback.constructor?.name ?? 'Object';
  if (callback.name !== undefined || kind !== 'Object') return callback.name ?? kind;
  return `${callbacks.indexOf(callback) + 1} of ${callbacks.length}`;
}

/**
 * Tells every callback of an event, in their order, also after one has failed.
 * Errors: CallbackError, of the first that failed; an AggregateError of them where several did.
 */
export async function notifyAll(callbacks: readonly Callback[], event: TrainingEvent, trainer: Trainer): Promise<void> {
  const errors: CallbackError[] = [];
  const tell = async (handle: (callback: Callback) => Handled) => {
    for (const callback of callbacks) {
      try {
        await handle(callback);
      } catch (cause) {
        errors.push(new CallbackError(nameOf(callback, callbacks), event.type, cause));
      }
    }
  };
  await tell((callback) => notify(callback, event, trainer));
  if (errors.length === 0) await tell((callback) => callback.afterAll?.(event, trainer));
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  if (errors.length === 1) throw errors[0];
}

/** Calls the handler for `event`, if there is one. */
function notify(callback: Callback, event: TrainingEvent, trainer: Trainer): Handled {
  switch (event.type) {
    case 'start':
      return callback.onStart?.(event, trainer);
    case 'epochStart':
      return callback.onEpochStart?.(event, trainer);
    case 'step':
      return callback.onStep?.(event, trainer);
    case 'validationStep':
      return callback.onValidationStep?.(event, trainer);
    case 'epochEnd':
      return callback.onEpochEnd?.(event, trainer);
    case 'end':
      return callback.onEnd?.(event, trainer);
  }
}
