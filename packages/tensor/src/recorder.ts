import type { Launch } from './backend.js';
import { onlyRecorded, type Storage, storagesMade } from './storage.js';

/** What happened while a step was being recorded. */
export class Recorder {
  readonly launches: Launch[] = [];
  /** JavaScript values that the recording depends on, as they were first read, by the function that reads them. */
  readonly guards = new Map<() => unknown, unknown>();
  readonly #written = new Set<Storage>();
  readonly #start = storagesMade();
  readonly #persistent: [from: number, to: number][] = [];

  /** False while something persistent is being made. */
  get listening(): boolean {
    return active === this;
  }

  /** True for memory made inside the step, which a replay makes anew. */
  isTemporary({ id }: Storage): boolean {
    return id >= this.#start && !this.#persistent.some(([from, to]) => id >= from && id < to);
  }

  /**
   * Keeps a launch, which is not run: what it writes is barred from then on.
   * Errors: memory that was barred before, such as what an earlier recording made.
   */
  record(launch: Launch): void {
    const { kernel, storages } = launch;
    for (const storage of storages) if (!this.#written.has(storage)) storage.checkFree(`kernel "${kernel.name}"`);
    storages.forEach((storage, i) => {
      if (kernel.accesses[i] === 'read') return;
      storage.barred = onlyRecorded;
      this.#written.add(storage);
    });
    this.launches.push(launch);
  }

  /** The step is over: what was there before it still holds what it held; what the step made stays barred. */
  end(): void {
    for (const storage of this.#written) if (!this.isTemporary(storage)) storage.barred = undefined;
  }

  /** Memory made since `from` outlives the step. */
  keep(from: number): void {
    this.#persistent.push([from, storagesMade()]);
  }
}

let active: Recorder | undefined;

/** The recording under way, if any. */
export const currentRecorder = (): Recorder | undefined => active;

/** Throws while a step is being recorded: another captured step would pass the door out of its sight. */
export function refuseNesting(): void {
  if (active) throw new Error('A captured step cannot run inside the recording of another; call the plain function.');
}

/** Runs `work` with `recorder` listening. Errors: another recording is under way. */
export function recordWith<T>(recorder: Recorder, work: () => T): T {
  refuseNesting();
  active = recorder;
  try {
    return work();
  } finally {
    active = undefined;
  }
}

/**
 * Says which JavaScript value a recording depends on: `guard(() => this.training)`. A replay reads it again and records
 * anew when it has changed. Pass the same function each time, or the recording keeps one copy a call; its name stands in
 * the error for values that never settle.
 */
export function guard<T>(read: () => T): T {
  const value = read();
  if (active && !active.guards.has(read)) active.guards.set(read, value);
  return value;
}

/**
 * Runs `make` outside any recording, for what is made once and lives on: parameters, running statistics, an optimizer's
 * moments. A replayed step then finds them instead of making them again. Errors: `make` touches what the step has written,
 * which has no numbers yet.
 */
export function persistent<T>(make: () => T): T {
  const recorder = active;
  if (!recorder) return make();
  const from = storagesMade();
  active = undefined;
  try {
    return make();
  } finally {
    active = recorder;
    recorder.keep(from);
  }
}

/** Throws while a step is being recorded: `what` is done by JavaScript, which a replay does not run. */
export function forbidInStep(what: string): void {
  if (active) throw new Error(`${what} belongs outside the captured step: a replay would not do it again.`);
}

/** Throws while a step is being recorded: a value read then would be the same in every replay. */
export function forbidReading(): void {
  if (active) {
    throw new Error(
      'A captured step cannot read values (data, item, toArray): a replay would not read them again. ' +
        'Return the tensor from the step and read it outside, or choose with where(condition, a, b).',
    );
  }
}
