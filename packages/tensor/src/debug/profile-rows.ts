import { type Limits, shortestTime } from './cost.js';
import type { LaunchTimes } from './profiler.js';

/** What launches are added up by: their kernel, their layer, or all that tells them apart. */
export type ProfileGrouping = 'kernel' | 'layer' | 'launch';

/** Launches added up. */
export interface ProfileRow {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Of the time of all launches, 0 to 1. */
  readonly share: number;
  /** 10⁹ floating-point operations a second. */
  readonly gigaflops: number;
  /** 10⁹ bytes a second, read and written. */
  readonly gigabytes: number;
  /** The shortest time that the machine allows, divided by the time taken; undefined where no limits are known. */
  readonly ofLimit: number | undefined;
}

const outside = 'outside layers';

const nameOf: Readonly<Record<ProfileGrouping, (launch: LaunchTimes) => string>> = {
  kernel: ({ kernel }) => kernel,
  layer: ({ path }) => path || outside,
  launch({ kernel, path, sizes }) {
    const buffers = Object.entries(sizes).map(([name, size]) => `${name} ${size}`);
    return `${kernel} (${buffers.join(', ')}) in ${path || outside}`;
  },
};

/** A row for each group, the longest time first. */
export function rowsBy(
  grouping: ProfileGrouping,
  launches: readonly LaunchTimes[],
  limits: Limits | undefined,
): ProfileRow[] {
  const groups = new Map<string, LaunchTimes[]>();
  for (const launch of launches) {
    const name = nameOf[grouping](launch);
    groups.set(name, [...(groups.get(name) ?? []), launch]);
  }
  const all = timeOf(launches);
  return [...groups]
    .map(([name, group]) => rowOf(name, group, all, limits))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** All launches as one row. */
export const totalOf = (launches: readonly LaunchTimes[], limits: Limits | undefined): ProfileRow =>
  rowOf('total', launches, timeOf(launches), limits);

const timeOf = (launches: readonly LaunchTimes[]): number => sumOf(launches, ({ nanoseconds }) => nanoseconds);

/** `all` is the time of which theirs is a share, in ns. */
function rowOf(name: string, launches: readonly LaunchTimes[], all: number, limits: Limits | undefined): ProfileRow {
  const nanoseconds = timeOf(launches);
  const shortest = limits && sumOf(launches, (launch) => launch.calls * shortestTime(launch, limits) * 1e9);
  return {
    name,
    calls: sumOf(launches, ({ calls }) => calls),
    milliseconds: nanoseconds / 1e6,
    share: ratio(nanoseconds, all),
    gigaflops: ratio(
      sumOf(launches, ({ calls, flops }) => calls * flops),
      nanoseconds,
    ),
    gigabytes: ratio(
      sumOf(launches, ({ calls, bytes }) => calls * bytes),
      nanoseconds,
    ),
    ofLimit: shortest === undefined ? undefined : ratio(shortest, nanoseconds),
  };
}

const sumOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
