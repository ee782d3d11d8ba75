import { attach, type Launch } from '../backend.js';
import type { DType } from '../dtype.js';
import type { Attributes, Kernel } from '../kernel.js';
import type { Program } from '../program.js';
import { type TimedRun, timeRuns } from '../timed-run.js';
import { type Cost, costOf } from './cost.js';

/** Launches of one kernel in one layer, on buffers and with attributes that are the same: how many, and their time. */
export interface LaunchTimes extends Cost {
  readonly kernel: string;
  /** The layer, such as `trunk.2` or `trunk.2 (backward)`; empty outside any. */
  readonly path: string;
  /** Elements of each buffer, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly attributes: Attributes;
  calls: number;
  /** Of all calls together. */
  nanoseconds: number;
}

/** One launch on a timeline. Times in ns on the clock of `performance.now()`. */
export interface LaunchEvent {
  readonly launch: LaunchTimes;
  readonly start: number;
  readonly duration: number;
}

/** Launches on a timeline that were one run of a captured step, or followed one another without one. */
export interface Stretch {
  readonly kind: 'captured' | 'asynchronous' | 'eager';
  readonly events: LaunchEvent[];
}

/** Times every launch from the start on: those of captured steps as they were compiled, others at the door. */
export class Profiler {
  readonly stretches: Stretch[] = [];
  readonly #launches = new Map<string, LaunchTimes>();
  readonly #programs = new WeakMap<Program, readonly LaunchTimes[]>();
  readonly #ends: readonly (() => void)[];
  #room: number;

  /** @param events How many launches are kept for the timeline. */
  constructor(events: number) {
    this.#room = events;
    this.#ends = [
      attach((launch, run) => this.#timeEager(launch, run), { replays: false }),
      timeRuns((run) => this.#add(run)),
    ];
  }

  stop(): void {
    for (const end of this.#ends) end();
  }

  get launches(): readonly LaunchTimes[] {
    return [...this.#launches.values()];
  }

  #timeEager(launch: Launch, run: () => void): void {
    const start = performance.now();
    run();
    const duration = (performance.now() - start) * 1e6;
    const { kernel, path, attrs, storages } = launch;
    const buffers = storages.map(({ dtype, data }) => ({ dtype, length: data.length }));
    const event = { launch: this.#timesOf(kernel, path, attrs, buffers), start: start * 1e6, duration };
    count(event.launch, duration);
    if (this.#room-- <= 0) return;
    const last = this.stretches.at(-1);
    if (last?.kind === 'eager') last.events.push(event);
    else this.stretches.push({ kind: 'eager', events: [event] });
  }

  #add({ program, times, asynchronous }: TimedRun): void {
    const launches = this.#launchesOf(program);
    launches.forEach((launch, i) => {
      count(launch, times[2 * i + 1]);
    });
    if (this.#room <= 0) return;
    this.#room -= launches.length;
    const events = launches.map((launch, i) => ({ launch, start: times[2 * i], duration: times[2 * i + 1] }));
    this.stretches.push({ kind: asynchronous ? 'asynchronous' : 'captured', events });
  }

  #launchesOf(program: Program): readonly LaunchTimes[] {
    let launches = this.#programs.get(program);
    if (!launches) {
      launches = program.launches.map(({ kernel, path, attrs, buffers }) =>
        this.#timesOf(
          kernel,
          path,
          attrs,
          buffers.map((buffer) => program.buffers[buffer]),
        ),
      );
      this.#programs.set(program, launches);
    }
    return launches;
  }

  #timesOf(
    kernel: Kernel,
    path: string,
    attrs: Attributes,
    buffers: readonly { readonly dtype: DType; readonly length: number }[],
  ): LaunchTimes {
    const key = JSON.stringify([kernel.name, path, buffers.map(({ dtype, length }) => [dtype, length]), attrs]);
    let times = this.#launches.get(key);
    if (!times) {
      times = {
        kernel: kernel.name,
        path,
        sizes: Object.fromEntries(kernel.bufferNames.map((name, i) => [name, buffers[i].length])),
        attributes: attrs,
        ...costOf({ kernel, attrs }, buffers),
        calls: 0,
        nanoseconds: 0,
      };
      this.#launches.set(key, times);
    }
    return times;
  }
}

function count(launch: LaunchTimes, nanoseconds: number): void {
  launch.calls++;
  launch.nanoseconds += nanoseconds;
}
