import { currentBackend } from '../backend.js';
import { checkCount } from '../options.js';
import type { Limits } from './cost.js';
import { type ProfileGrouping, type ProfileRow, rowsBy, totalOf } from './profile-rows.js';
import { type ProfileTableOptions, tableOf } from './profile-table.js';
import { type ProfileTrace, traceOf } from './profile-trace.js';
import { type LaunchTimes, Profiler, type Stretch } from './profiler.js';

/** Where the time went. */
export class Profile<R = undefined> {
  /** The backend's name. */
  readonly backend = currentBackend().name;
  /** What the machine can do at most; undefined where the backend does not know. */
  readonly limits: Limits | undefined = currentBackend().limits?.();
  /** Launches that are alike, with their time; the longest first. */
  readonly launches: readonly Readonly<LaunchTimes>[];
  readonly #stretches: readonly Stretch[];

  /**
   * @param runs How often the work was run.
   * @param milliseconds From start to end, with what JavaScript did between launches.
   * @param result What the last run of the work returned.
   */
  constructor(
    profiler: Profiler,
    readonly runs: number,
    readonly milliseconds: number,
    readonly result: R,
  ) {
    this.launches = [...profiler.launches].sort((a, b) => b.nanoseconds - a.nanoseconds);
    this.#stretches = profiler.stretches;
  }

  /** Launches added up, the longest time first. */
  by(grouping: ProfileGrouping): ProfileRow[] {
    return rowsBy(grouping, this.launches, this.limits);
  }

  /** All launches added up. */
  get total(): ProfileRow {
    return totalOf(this.launches, this.limits);
  }

  /** The rows as text in columns, by kernel and by layer unless said otherwise. */
  table(options: ProfileTableOptions = {}): string {
    return tableOf(this, options);
  }

  /** A timeline: launches inside layers inside runs of captured steps. As JSON, Perfetto (https://ui.perfetto.dev) opens it. */
  trace(): ProfileTrace {
    return traceOf(this.#stretches);
  }
}

export interface ProfilingOptions {
  /** How many launches are kept for the timeline; later ones are only added up. Default 100 000. */
  readonly events?: number;
}

/** A profile being taken. */
export interface Profiling {
  /** Ends it. Measuring the limits of the machine, once in a process, takes a fifth of a second. */
  stop(): Profile;
}

/**
 * Times every launch from now on: those of captured steps in their compiled program, all others at the door.
 * Between launches it takes some time of its own, which docs/profiling.md tells.
 */
export function startProfile({ events = 100_000 }: ProfilingOptions = {}): Profiling {
  const start = performance.now();
  const profiler = new Profiler(events);
  return {
    stop() {
      const milliseconds = performance.now() - start;
      profiler.stop();
      return new Profile(profiler, 1, milliseconds, undefined);
    },
  };
}

export interface ProfileOptions extends ProfilingOptions {
  /** How often the work runs under the profile. Default 10. */
  readonly repeats?: number;
  /** How often it runs before. Default 2: a captured step runs eagerly at first, and is recorded on its second call. */
  readonly warmup?: number;
}

/**
 * Runs `work` several times and tells where the time goes.
 *
 * ```ts
 * const found = profile(() => step(x, y), { repeats: 100 });
 * console.log(found.table());
 * ```
 *
 * Errors: work that returns a promise, for which there is `startProfile`.
 */
export function profile<R>(
  work: () => R,
  { repeats = 10, warmup = 2, events = 100_000 }: ProfileOptions = {},
): Profile<R> {
  checkCount('profile', 'repeats', repeats);
  checkCount('profile', 'warmup', warmup, 0);
  for (let i = 0; i < warmup; i++) settled(work());
  const profiler = new Profiler(events);
  try {
    const start = performance.now();
    for (let i = 1; i < repeats; i++) settled(work());
    const result = settled(work());
    return new Profile(profiler, repeats, performance.now() - start, result);
  } finally {
    profiler.stop();
  }
}

function settled<R>(result: R): R {
  if (result instanceof Promise)
    throw new TypeError('profile: the work is asynchronous; use startProfile() before it and stop() after it.');
  return result;
}
