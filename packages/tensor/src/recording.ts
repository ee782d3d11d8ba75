import { attach, type Backend, currentBackend, watched } from './backend.js';
import { type Data, sameBits } from './dtype.js';
import {
  allocateResults,
  type Compiled,
  compile,
  interpretAtDoor,
  type Program,
  type ProgramBuffer,
} from './program.js';
import { Recorder, recordWith } from './recorder.js';
import { sameProgram } from './same-program.js';
import { inUse, onlyRecorded, Storage } from './storage.js';
import { Parameter, Tensor } from './tensor.js';
import { canRunAsync, runTimed, runTimedAsync, timing } from './timed-run.js';
import { flattenTree, replaceTree, type TensorTree } from './tree.js';

/** Where a returned tensor comes from: a fresh result, an argument, or a tensor that lives outside the step. */
type Source = { readonly result: number } | { readonly input: number } | { readonly tensor: Tensor };

/** A step turned into a program, and what it needs to run again on other arguments. */
export class Recording<R extends TensorTree> {
  readonly #guards: ReadonlyMap<() => unknown, unknown>;
  readonly #sources: readonly Source[];
  /** The form of the result. Its tensors have no tape, which would keep all that the step made. */
  readonly #tree: R;
  readonly #shapes: readonly (readonly number[])[];
  readonly #changedOutside: readonly Storage[];
  readonly #changedInputs: readonly number[];
  /** Memory that the step makes of JavaScript numbers. */
  readonly #made: ReadonlySet<Storage>;
  #compiled: Compiled | undefined;
  #running = false;
  #backend: Backend | undefined;

  private constructor(
    readonly program: Program,
    recorder: Recorder,
    tree: R,
    sources: readonly Source[],
  ) {
    this.#guards = recorder.guards;
    const returned = flattenTree(tree, 'the result').tensors;
    const outside = program.buffers.flatMap(({ storage }) => storage ?? []);
    this.#made = new Set(outside.filter((storage) => recorder.isTemporary(storage)));
    this.#tree = replaceTree(
      tree,
      returned.map((tensor) => tensor.detach()),
    );
    this.#sources = sources;
    this.#shapes = returned.map(({ shape }) => shape);
    const changed = changedBuffers(program);
    this.#changedOutside = [...changed].flatMap((i) => program.buffers[i].storage ?? []);
    this.#changedInputs = program.inputs.flatMap((buffer, i) => (changed.has(buffer) ? [i] : []));
  }

  /**
   * Calls `step` once on stand-ins for the inputs and keeps the launches that come to the door, without running them; the
   * tensors that it makes are barred, then and later. Errors: an input that is barred; what no replay could repeat.
   */
  static of<R extends TensorTree>(step: (standIns: Tensor[]) => R, inputs: readonly Tensor[]): Recording<R> {
    for (const { storage } of inputs) storage.checkFree('A captured step');
    const memory = new Map(inputs.map(({ storage }) => [storage, new Storage(storage.data)] as const));
    const standIns = standInsFor(inputs, memory);
    const recorder = new Recorder();
    const detach = attach((launch, run) => {
      if (recorder.listening) recorder.record(launch);
      else run();
    });
    try {
      const tree = recordWith(recorder, () => step(standIns));
      refusePromise(tree);
      const { tensors } = flattenTree(tree, 'the result of a captured step');
      const { program, sources } = programOf(recorder, standIns, tensors);
      return new Recording(program, recorder, tree, sources);
    } finally {
      detach();
      recorder.end();
      for (const [storage, standIn] of memory) {
        storage.version += standIn.version;
        standIn.barred = onlyRecorded;
      }
    }
  }

  /** Which JavaScript value that the recording depends on is another now; undefined while none is. */
  change(): string | undefined {
    for (const [read, value] of this.#guards) {
      const now = read();
      if (!Object.is(now, value)) return `${read.name || 'a value'} went from ${String(value)} to ${String(now)}`;
    }
    return undefined;
  }

  /** Takes over what `earlier` has compiled, if that runs the same. */
  adopt(earlier: Recording<R>): void {
    const same = (a: Storage, b: Storage) =>
      a === b || (this.#made.has(a) && earlier.#made.has(b) && sameBits(a.data, b.data));
    if (!sameProgram(this.program, earlier.program, same)) return;
    this.#compiled = earlier.#compiled;
    this.#backend = earlier.#backend;
  }

  /** Memory that a run on `inputs` changes, but for its results. */
  changedBy(inputs: readonly Tensor[]): Storage[] {
    return [...new Set([...this.#changedOutside, ...this.#changedInputs.map((i) => inputs[i].storage)])];
  }

  replay(inputs: readonly Tensor[]): R {
    this.#refuseOverlap();
    const arrays = inputs.map(({ data }) => data);
    for (const { storage } of this.program.buffers) storage?.checkFree('A captured step');
    const results = allocateResults(this.program);
    runTimed(this.#ready(), arrays, results);
    this.#raise(inputs);
    return this.#output(inputs, results);
  }

  async replayAsync(inputs: readonly Tensor[]): Promise<R> {
    const compiled = this.#ready();
    if (!canRunAsync(compiled)) return this.replay(inputs);
    const used = new Set(inputs.map(({ storage }) => storage));
    for (const { storage } of this.program.buffers) if (storage) used.add(storage);
    for (const storage of used) storage.checkFree('A captured step');
    this.#refuseOverlap();
    const results = allocateResults(this.program);
    for (const storage of used) storage.barred = inUse;
    this.#running = true;
    try {
      await runTimedAsync(
        compiled,
        inputs.map(({ storage }) => storage.data),
        results,
      );
    } finally {
      for (const storage of used) storage.barred = undefined;
      this.#running = false;
    }
    this.#raise(inputs);
    return this.#output(inputs, results);
  }

  /** Two runs at a time would share the memory of the program's temporaries. */
  #refuseOverlap(): void {
    if (this.#running)
      throw new Error('A captured step is still running asynchronously; await it before the next call.');
  }

  #ready(): Compiled {
    if (watched()) return interpretAtDoor(this.program);
    if (!this.#compiled || this.#backend !== currentBackend()) {
      this.#compiled = compile(this.program);
      this.#backend = currentBackend();
    }
    return this.#compiled.program || !timing() ? this.#compiled : interpretAtDoor(this.program);
  }

  #raise(inputs: readonly Tensor[]): void {
    for (const storage of this.#changedOutside) storage.version++;
    for (const i of this.#changedInputs) inputs[i].storage.version++;
  }

  #output(inputs: readonly Tensor[], results: readonly Data[]): R {
    const storages = results.map((data) => new Storage(data));
    return replaceTree(
      this.#tree,
      this.#sources.map((source, i) => fresh(source, this.#shapes[i], inputs, storages)),
    );
  }
}

/** A step that returns a promise would go on after its recording has ended. */
function refusePromise(result: unknown): void {
  if (result instanceof Promise)
    throw new TypeError('A captured step must be a plain function, not async: do what is asynchronous outside it.');
}

/** For each input another tensor on the same numbers; one for inputs that are one, and memory shared where theirs is. */
function standInsFor(inputs: readonly Tensor[], memory: ReadonlyMap<Storage, Storage>): Tensor[] {
  const standIns = new Map<Tensor, Tensor>();
  for (const input of new Set(inputs)) standIns.set(input, standIn(input, memory.get(input.storage) as Storage));
  return inputs.map((input) => standIns.get(input) as Tensor);
}

function standIn(input: Tensor, storage: Storage): Tensor {
  const leaf = new Tensor(storage, input.shape, { requiresGrad: input.requiresGrad });
  if (!(input instanceof Parameter)) return leaf;
  const parameter = new Parameter(leaf, { decay: input.decay });
  parameter.trainable = input.trainable;
  return parameter;
}

/** The buffers that a program writes or updates. */
function changedBuffers({ launches }: Program): Set<number> {
  const changed = new Set<number>();
  for (const { kernel, buffers } of launches)
    buffers.forEach((buffer, i) => {
      if (kernel.accesses[i] !== 'read') changed.add(buffer);
    });
  return changed;
}

function fresh(
  source: Source,
  shape: readonly number[],
  inputs: readonly Tensor[],
  results: readonly Storage[],
): Tensor {
  if ('tensor' in source) return source.tensor;
  if ('input' in source) return new Tensor(inputs[source.input].storage, shape);
  return new Tensor(results[source.result], shape);
}

/** Names the memory of every recorded launch, and says where the returned tensors come from. */
function programOf(recorder: Recorder, inputs: readonly Tensor[], returned: readonly Tensor[]) {
  const buffers: ProgramBuffer[] = [];
  const indexOf = new Map<Storage, number>();
  const add = (storage: Storage, kind: ProgramBuffer['kind']): number => {
    const buffer = { kind, dtype: storage.dtype, length: storage.data.length };
    indexOf.set(storage, buffers.length);
    return buffers.push(kind === 'external' ? { ...buffer, storage } : buffer) - 1;
  };
  const inputBuffers = inputs.map(({ storage }) => indexOf.get(storage) ?? add(storage, 'input'));

  const launches = recorder.launches.map(({ kernel, storages, attrs, path }) => ({
    kernel,
    attrs,
    path,
    buffers: storages.map((storage, i) => {
      const known = indexOf.get(storage);
      const access = kernel.accesses[i];
      const temporary = recorder.isTemporary(storage);
      const madeByScript =
        temporary && (known === undefined ? access === 'update' : buffers[known].kind === 'external');
      if (madeByScript && access !== 'read') {
        throw new Error(
          `A captured step makes a tensor of JavaScript numbers and then changes it in place (${kernel.name}): ` +
            'a replay would find it changed. Make it outside the step, or with zeros, ones or fill.',
        );
      }
      return known ?? add(storage, temporary && access === 'write' ? 'temporary' : 'external');
    }),
  }));

  const results: number[] = [];
  const sources = returned.map((tensor): Source => {
    const buffer = indexOf.get(tensor.storage);
    const kind = buffer === undefined ? 'external' : buffers[buffer].kind;
    if (buffer === undefined || kind === 'external') return { tensor: tensor.detach() };
    if (kind === 'input') return { input: inputBuffers.indexOf(buffer) };
    if (kind === 'temporary') {
      buffers[buffer] = { ...buffers[buffer], kind: 'result' };
      results.push(buffer);
    }
    return { result: results.indexOf(buffer) };
  });
  return { program: { buffers, launches, inputs: inputBuffers, results }, sources };
}
