import type { LaunchEvent, Stretch } from './profiler.js';

/** Something that took time, in the Trace Event Format. Times in µs. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: 'run' | 'layer' | 'kernel';
  readonly ph: 'X';
  readonly ts: number;
  readonly dur: number;
  readonly pid: 1;
  /** 1 for the event loop, 2 for asynchronous runs. */
  readonly tid: 1 | 2;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A timeline that chrome://tracing and Perfetto open, once it is JSON. */
export interface ProfileTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

/** Launches inside layers inside runs of captured steps. */
export const traceOf = (stretches: readonly Stretch[]): ProfileTrace => ({
  displayTimeUnit: 'ms',
  traceEvents: stretches.flatMap(eventsOf),
});

function eventsOf({ kind, events }: Stretch): TraceEvent[] {
  const tid = kind === 'asynchronous' ? 2 : 1;
  const outer = kind === 'eager' || events.length === 0 ? [] : [spanOf('captured step', 'run', tid, events)];
  return [...outer, ...layersOf(events).flatMap((inLayer) => layerEvents(tid, inLayer))];
}

/** Launches that follow one another in the same layer. */
function layersOf(events: readonly LaunchEvent[]): LaunchEvent[][] {
  const layers: LaunchEvent[][] = [];
  for (const event of events) {
    const last = layers.at(-1);
    if (last && last[0].launch.path === event.launch.path) last.push(event);
    else layers.push([event]);
  }
  return layers;
}

function layerEvents(tid: 1 | 2, events: readonly LaunchEvent[]): TraceEvent[] {
  const { path } = events[0].launch;
  const layer = path === '' ? [] : [spanOf(path, 'layer', tid, events)];
  return [...layer, ...events.map((event) => kernelEvent(tid, event))];
}

function spanOf(name: string, cat: 'run' | 'layer', tid: 1 | 2, events: readonly LaunchEvent[]): TraceEvent {
  const [first, last] = [events[0], events[events.length - 1]];
  const args = { launches: events.length };
  return { name, cat, ph: 'X', ...moment(first.start, last.start + last.duration), pid: 1, tid, args };
}

function kernelEvent(tid: 1 | 2, { launch, start, duration }: LaunchEvent): TraceEvent {
  const { kernel, path, sizes, attributes, flops, bytes } = launch;
  const args = { path, sizes, attributes, flops, bytes };
  return { name: kernel, cat: 'kernel', ph: 'X', ...moment(start, start + duration), pid: 1, tid, args };
}

/** In whole ns, so that what lies inside something else still does so in µs. */
const moment = (start: number, end: number) => ({
  ts: Math.round(start) / 1e3,
  dur: (Math.round(end) - Math.round(start)) / 1e3,
});
