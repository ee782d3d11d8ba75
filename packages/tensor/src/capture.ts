import { checkOptions } from './options.js';
import type { Program } from './program.js';
import { refuseNesting } from './recorder.js';
import { Recording } from './recording.js';
import type { Tensor } from './tensor.js';
import { flattenTree, replaceTree, type TensorTree } from './tree.js';
import { verifyReplay } from './verify.js';

export interface CaptureOptions {
  /**
   * True to run the first replay of each recording eagerly as well, and to throw an error naming the first launch that
   * differs. The JavaScript of the step then runs once more than usual. Default false.
   */
  readonly verify?: boolean;
}

/** A step that replays what it did. */
export interface CapturedStep<A extends readonly TensorTree[], R extends TensorTree> {
  (...args: A): R;
  /** The same off the event loop where the backend can; its tensors must not be touched until it is done. */
  runAsync(...args: A): Promise<R>;
  /** The programs recorded so far. */
  readonly programs: readonly Program[];
}

/** A recording for every new value of a guard is no recording at all. */
const mostRecordings = 32;

/**
 * Turns a step (forward, backward, optimizer) into one that is recorded and replayed: no JavaScript of yours runs between
 * its kernels. The first call with arguments of given shapes is recorded: its launches are kept instead of run, and then
 * replayed. The second is recorded again, as what a step does only once is not part of it; the rest replay.
 * Replays give the same bits as eager calls. Arguments are bound by pointer; results are fresh tensors each time; tensors
 * from outside are bound by their memory, which `assign` changes in place. A change of what `guard` reads (training mode,
 * a frozen parameter) records anew.
 *
 * While a step is recorded it is given stand-ins for its arguments: the same memory in other tensors, so that an argument
 * is never taken for a tensor from outside. A tensor that is both counts, to gradients, as two.
 *
 * Errors: unknown options; reading a value inside the step; an async step; a result that is not made of tensors; a tensor
 * of an earlier call that was neither returned nor made by `persistent`; guards that never settle.
 */
export function capture<A extends readonly TensorTree[], R extends TensorTree>(
  step: (...args: A) => R,
  options: CaptureOptions = {},
): CapturedStep<A, R> {
  checkOptions('capture', options, ['verify']);
  const { verify = false } = options;
  const recordings = new Map<string, Recording<R>[]>();
  const recordedOnce = new WeakSet<Recording<R>>();
  const unverified = new WeakSet<Recording<R>>();

  const recordingFor = (args: A, tensors: readonly Tensor[], form: string): Recording<R> => {
    const key = `${form}${tensors.map((tensor, i) => formOf(tensor, i, tensors)).join()}`;
    const known = recordings.get(key) ?? [];
    recordings.set(key, known);
    const record = () => {
      const recording = Recording.of((standIns) => step(...replaceTree(args, standIns)), tensors);
      if (verify) unverified.add(recording);
      return recording;
    };
    const position = known.findIndex((recording) => recording.change() === undefined);
    if (position < 0) {
      if (known.length === mostRecordings) throw neverSettles(known[known.length - 1].change());
      const first = record();
      recordedOnce.add(first);
      known.push(first);
      return first;
    }
    const found = known[position];
    if (recordedOnce.has(found)) {
      known[position] = record();
      known[position].adopt(found);
    } else if (unverified.delete(found)) verifyReplay(found, () => step(...args), tensors);
    return known[position];
  };

  const prepare = (args: A) => {
    refuseNesting();
    const { tensors, form } = flattenTree(args, 'an argument of the captured step');
    return { tensors, recording: recordingFor(args, tensors, form) };
  };
  const captured = (...args: A): R => {
    const { recording, tensors } = prepare(args);
    return recording.replay(tensors);
  };
  const runAsync = async (...args: A): Promise<R> => {
    const { recording, tensors } = prepare(args);
    return recording.replayAsync(tensors);
  };
  return Object.defineProperty(Object.assign(captured, { runAsync }), 'programs', {
    get: () => [...recordings.values()].flat().map(({ program }) => program),
  }) as CapturedStep<A, R>;
}

/**
 * What a recording depends on in an argument: dtype, shape, whether it wants a gradient, and which arguments before it have
 * the same memory or are the same tensor.
 */
function formOf(tensor: Tensor, position: number, tensors: readonly Tensor[]): string {
  const { dtype, shape, storage, requiresGrad } = tensor;
  const first = tensors.findIndex((other) => other.storage === storage);
  const shared = first < position ? `=${first}/${tensors.indexOf(tensor)}` : '';
  return `${dtype}${shape.join('x')}${requiresGrad ? '*' : ''}${shared}`;
}

const neverSettles = (change: string | undefined) =>
  new Error(
    `A captured step was recorded ${mostRecordings} times because values that it guards keep changing (${change}); ` +
      'make what changes from step to step a tensor.',
  );
