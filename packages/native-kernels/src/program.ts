import {
  type Compiled,
  type Data,
  isElementwise,
  type Program,
  type ProgramLaunch,
  planMemory,
  type Storage,
  timeLaunch,
  viewOf,
} from '@nn/tensor';
import type { Addon } from './addon.js';
import { encodeAttributes } from './attributes.js';
import type { FindVariant, Variant } from './variants.js';

/** A stretch of a program that C++ runs in one call, or that runs on the references; `times` are those of its launches. */
interface Segment {
  readonly start: number;
  readonly end: number;
  run(arrays: readonly Data[], times?: Float64Array): void;
  runAsync(arrays: readonly Data[], times?: Float64Array): Promise<void>;
}

/** The memory of a program, and where its buffers lie. */
interface Memory {
  readonly arena: Uint8Array;
  /** Byte offset in the arena of each temporary buffer. */
  readonly offsets: readonly number[];
  /** The position of each buffer among the arrays of a run, inputs before results; -1 for others. */
  readonly arguments: readonly number[];
}

const cacheLine = 64;
const transferred =
  'A captured step uses a tensor whose memory was transferred to another thread; send a copy of it instead.';
const dtypeNumbers = { f32: 0, f64: 1, i32: 2, u8: 3 };
const kindNumbers = { input: 0, result: 0, external: 1, temporary: 2 };
/** The kind of a temporary that one segment has to itself. */
const ownTemporary = 3;

/**
 * Compiles a program: stretches of kernels that C++ knows become one native program each, those between run on their
 * references, all over one arena.
 */
export function compileProgram(addon: Addon, find: FindVariant, program: Program): Compiled {
  const memory = layOut(addon, program);
  const { launches, buffers } = program;
  const variants = launches.map(({ kernel, buffers: used }) => find(kernel, (i) => buffers[used[i]].dtype));
  const segments: Segment[] = [];
  for (let start = 0; start < launches.length; ) {
    const native = variants[start] !== undefined;
    let end = start;
    while (end < launches.length && (variants[end] !== undefined) === native) end++;
    const runners = native
      ? nativeSegment(addon, program, memory, { start, end }, variants.slice(start, end) as Variant[])
      : referenceSegment(program, memory, launches.slice(start, end));
    segments.push({ start, end, ...runners });
    start = end;
  }
  const within = ({ start, end }: Segment, times?: Float64Array) => times?.subarray(2 * start, 2 * end);
  return {
    program,
    run(inputs, results, times) {
      const arrays = [...inputs, ...results];
      for (const segment of segments) segment.run(arrays, within(segment, times));
    },
    async runAsync(inputs, results, times) {
      const arrays = [...inputs, ...results];
      for (const segment of segments) await segment.runAsync(arrays, within(segment, times));
    },
  };
}

/** Gives every temporary a place in an arena that begins on a cache line. */
function layOut(addon: Addon, program: Program): Memory {
  const { bytes, offsets } = planMemory(program);
  const room = new Uint8Array(new ArrayBuffer(bytes + cacheLine));
  const start = (cacheLine - addon.misalignment(room)) % cacheLine;
  const positions = program.buffers.map(() => -1);
  [...program.inputs, ...program.results].forEach((buffer, position) => {
    positions[buffer] = position;
  });
  return { arena: room.subarray(start, start + bytes), offsets, arguments: positions };
}

function nativeSegment(
  addon: Addon,
  program: Program,
  memory: Memory,
  { start, end }: Pick<Segment, 'start' | 'end'>,
  variants: readonly Variant[],
): Pick<Segment, 'run' | 'runAsync'> {
  const { buffers } = program;
  const launches = program.launches.slice(start, end);
  const shared = new Set(
    [...program.launches.slice(0, start), ...program.launches.slice(end)].flatMap((l) => l.buffers),
  );
  const used = [...new Set(launches.flatMap((launch) => launch.buffers))].sort((a, b) => a - b);
  const numbers = new Map(used.map((buffer, number) => [buffer, number]));
  const externals: Storage[] = [];
  const positions: number[] = [];
  const code: number[] = [used.length];
  for (const buffer of used) {
    const { kind, dtype, length, storage } = buffers[buffer];
    let place = memory.offsets[buffer];
    if (kind === 'external') place = externals.push(storage as Storage) - 1;
    if (kind === 'input' || kind === 'result') place = positions.push(memory.arguments[buffer]) - 1;
    const own = kind === 'temporary' && !shared.has(buffer);
    code.push(own ? ownTemporary : kindNumbers[kind], dtypeNumbers[dtype], length, place);
  }
  code.push(launches.length);
  launches.forEach(({ kernel, buffers: own, attrs, tiling }, i) => {
    code.push(variants[i].index, ...own.map((buffer) => numbers.get(buffer) as number));
    encodeAttributes(kernel, attrs, code, code.length);
    code.push(tiling?.region ?? 0, tiling?.chain ?? 0, isElementwise(launches[i], program) ? 1 : 0);
  });
  code.push(program.arrangement?.lanes ? 1 : 0, program.arrangement?.blocks ? 1 : 0);
  const bound = externals.map(({ data }) => data);
  const lengths = bound.map(({ length }) => length);
  const native = addon.program(Float64Array.from(code), memory.arena, bound);
  const pick = (arrays: readonly Data[]) => {
    for (let i = 0; i < bound.length; i++) if (bound[i].length !== lengths[i]) throw new Error(transferred);
    return positions.map((position) => arrays[position]);
  };
  return {
    run(arrays, times) {
      const start = times && performance.now();
      try {
        if (times) native.run(...pick(arrays), times);
        else native.run(...pick(arrays));
      } catch (error) {
        throw located(error, launches);
      }
      if (times) countFrom(start as number, times);
    },
    async runAsync(arrays, times) {
      const start = performance.now();
      try {
        await native.runAsync(...pick(arrays), ...(times ? [times] : []));
      } catch (error) {
        throw located(error, launches);
      }
      if (times) countFrom(start, times);
    },
  };
}

/** Moments since a call at `start` (ms) become moments on its clock. */
function countFrom(start: number, times: Float64Array): void {
  for (let i = 0; i < times.length; i += 2) times[i] += start * 1e6;
}

/** The error of a launch with its layer's path, if it has one. */
function located(error: unknown, launches: readonly ProgramLaunch[]): unknown {
  if (!(error instanceof Error) || !('launch' in error)) return error;
  const path = launches[Number(error.launch)]?.path;
  return path ? new RangeError(`${error.message} (in "${path}")`, { cause: error }) : error;
}

function referenceSegment(
  { buffers }: Program,
  memory: Memory,
  launches: readonly ProgramLaunch[],
): Pick<Segment, 'run' | 'runAsync'> {
  const { buffer, byteOffset } = memory.arena;
  const place = (i: number): Data | undefined => {
    const { kind, dtype, length, storage } = buffers[i];
    if (kind === 'temporary') return viewOf(dtype, buffer, byteOffset + memory.offsets[i], length);
    return storage?.data;
  };
  const placed = new Map(launches.flatMap((launch) => launch.buffers).map((i) => [i, place(i)]));
  const run = (arrays: readonly Data[], times?: Float64Array) => {
    const dataOf = (i: number) => placed.get(i) ?? arrays[memory.arguments[i]];
    launches.forEach(({ kernel, buffers: own, attrs }, i) => {
      const launch = () => kernel.reference(own.map(dataOf), attrs);
      if (times) timeLaunch(times, i, launch);
      else launch();
    });
  };
  return { run, runAsync: async (arrays, times) => run(arrays, times) };
}
