import { once, setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { setThreads, threads } from '@nn/native-kernels';
import { checkCount, checkOptions, currentSeed } from '@nn/tensor';
import { Piscina } from 'piscina';
import type { Message, Outcome, ProgressEvent, Task } from './job.js';
import { share, unpack } from './shared.js';

/** How one network is getting on. */
export interface NetworkProgress<Config> {
  /** The position of its configuration. */
  readonly index: number;
  readonly config: Config;
  readonly event: ProgressEvent;
}

export interface TrainManyOptions<Config> {
  /** What the networks learn from, shared by all: tensors in plain objects, arrays and maps, and other values. Default: nothing. */
  readonly data?: unknown;
  /** The most that are trained at a time, each on one thread. Default: the processor cores at hand, or fewer for fewer networks. */
  readonly workers?: number;
  /** Where the streams of random numbers begin for each network. Default: the seed in force here. */
  readonly seed?: number;
  /** Told how each network is getting on. */
  readonly onProgress?: (progress: NetworkProgress<Config>) => void;
  /** Ends it: networks under way after their step, if they heed their signal; others have two seconds. */
  readonly signal?: AbortSignal;
}

/** How long a network has to end by itself once it was aborted, in milliseconds. */
const patience = 2000;

/**
 * Trains a network for each configuration, several at once, each in a thread of its own; the results come in the order of
 * the configurations, as from `Promise.allSettled`. `module` is the address of a module whose default export trains one:
 *
 * ```ts
 * // network.ts
 * export default async ({ learningRate }: Config, { data, signal, progress }: Job<Data>) => {
 *   const model = new Sequential([new Linear({ outFeatures: 1 })]);
 *   const train = new DataLoader(new TensorDataset(data), { batchSize: 32, shuffle: true });
 *   const optimizer = new Adam({ learningRate });
 *   return fit(model, { optimizer, losses: new MeanSquaredError(), train, epochs: 9, signal, callbacks: [progress] });
 * };
 * // search.ts
 * const results = await trainMany<Config, History>(new URL('./network.js', import.meta.url), configs, { data: { x, y } });
 * ```
 * Each network gets the same bits as if the module's function were called here after `manualSeed(seed)`, as threads share
 * only the data. The native kernels of the whole process use one thread meanwhile, also outside the workers.
 *
 * A network that fails has its error as its result, `{ status: 'rejected', reason }`, also if its whole thread ends; the
 * others go on. When `signal` is aborted, those under way get it and may return what they have; those not yet begun are
 * rejected with its reason.
 * Errors: unknown options, or ones that make no sense; a module that is no URL; what `onProgress` throws, once all have ended.
 */
export async function trainMany<Config, Result>(
  module: URL | string,
  configs: readonly Config[],
  options: TrainManyOptions<Config> = {},
): Promise<PromiseSettledResult<Result>[]> {
  checkOptions('trainMany', options, ['data', 'workers', 'seed', 'onProgress', 'signal']);
  checkCount('trainMany', 'workers', options.workers);
  if (!URL.canParse(String(module)))
    throw new TypeError(`trainMany: module is a URL such as new URL('./network.js', import.meta.url), not ${module}.`);
  if (configs.length === 0) return [];
  const { seed = currentSeed() } = options;
  const workers = Math.min(options.workers ?? availableParallelism(), configs.length);
  const pool = new Piscina({
    filename: createRequire(import.meta.url).resolve('@nn/nn/worker'),
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Infinity,
    atomics: 'disabled',
  });
  const controller = new AbortController();
  setMaxListeners(configs.length, controller.signal);
  const abort = () => controller.abort(options.signal?.reason);
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort);
  let fault: { readonly error: unknown } | undefined;
  const tell = (progress: NetworkProgress<Config>) => {
    try {
      options.onProgress?.(progress);
    } catch (error) {
      fault ??= { error };
      controller.abort(error);
    }
  };
  const data = share(options.data);
  const before = threads();
  setThreads(1);
  try {
    const results = await Promise.allSettled(
      configs.map((config, index) => {
        const task = { module: String(module), config, index, data, seed };
        return runOne(pool, task, controller.signal, (event) => tell({ index, config, event }));
      }),
    );
    if (fault) throw fault.error;
    return results as PromiseSettledResult<Result>[];
  } finally {
    options.signal?.removeEventListener('abort', abort);
    await pool.destroy();
    setThreads(before);
  }
}

/** One network. Errors: its own; the end of its thread; the reason of `signal` where it had not begun or did not heed it. */
async function runOne(
  pool: Piscina,
  task: Omit<Task, 'port'>,
  signal: AbortSignal,
  tell: (event: ProgressEvent) => void,
): Promise<unknown> {
  signal.throwIfAborted();
  const { port1: here, port2: port } = new MessageChannel();
  const closed = once(here, 'close');
  const terminator = new AbortController();
  let begun = false;
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    here.postMessage('abort');
    timer = setTimeout(() => terminator.abort(), begun ? patience : 0);
  };
  signal.addEventListener('abort', abort);
  here.on('message', (message: Message) => {
    if (message === 'begun') begun = true;
    else tell(message);
  });
  try {
    const outcome: Outcome = await pool.run({ ...task, port }, { transferList: [port], signal: terminator.signal });
    if ('value' in outcome) return unpack(outcome.value);
    const { message, ...rest } = outcome.failure;
    throw Object.assign(new Error(message), rest);
  } catch (error) {
    throw terminator.signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    port.close();
    await closed;
  }
}
