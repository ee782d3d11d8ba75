import { attach } from '../backend.js';

/** One launch on a timeline, in the Trace Event Format that chrome://tracing and Perfetto open. Times in µs. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'X';
  readonly ts: number;
  readonly dur: number;
  readonly pid: 1;
  readonly tid: 1;
  readonly args: { readonly sizes: readonly number[]; readonly attributes: Readonly<Record<string, unknown>> };
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  /** Ends the recording; the events stay. */
  stop(): void;
}

/** Times every launch from now on, replays of captured steps included. */
export function startTrace(): Trace {
  const events: TraceEvent[] = [];
  const stop = attach((launch, run) => {
    const start = performance.now();
    run();
    events.push({
      name: launch.kernel.name,
      cat: launch.path === '' ? 'outside layers' : launch.path,
      ph: 'X',
      ts: start * 1000,
      dur: (performance.now() - start) * 1000,
      pid: 1,
      tid: 1,
      args: { sizes: launch.storages.map(({ data }) => data.length), attributes: launch.attrs },
    });
  });
  return { events, stop };
}
