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
  state?(): CallbackState;
  loadState?(state: CallbackState): void;
}

/** Errors: anything but an array of objects. */
export function checkCallbacks(callbacks: unknown): void {
  const isCallback = (value: unknown) => typeof value === 'object' && value !== null;
  if (Array.isArray(callbacks) && callbacks.every(isCallback)) return;
  const fault = Array.isArray(callbacks) ? callbacks.find((value) => !isCallback(value)) : callbacks;
  throw new TypeError(
    `fit: callbacks are given in an array, such as [new ProgressBar()], and not as ${inWords(fault)}.`,
  );
}

/** Calls the handler for `event`, if there is one. */
export function notify(callback: Callback, event: TrainingEvent, trainer: Trainer): Handled {
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
