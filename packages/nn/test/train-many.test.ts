import { setThreads, threads } from '@nn/native-kernels';
import { manualSeed, tensor } from '@nn/tensor';
import { afterEach, describe, expect, it } from 'vitest';
import { type Job, type NetworkProgress, type ProgressEvent, type TrainOne, trainMany } from '../src/index.js';

interface Config {
  readonly width: number;
  readonly learningRate: number;
  readonly epochs?: number;
}

interface Result {
  readonly losses: readonly number[];
  readonly end: string;
  readonly weights: ReadonlyMap<string, { readonly data: ArrayLike<number> }>;
}

const network = (name: string) => new URL(`./networks/${name}.mjs`, import.meta.url);

/** Points by an upper and a lower arc. */
const points = () => {
  const x = Float32Array.from({ length: 400 }, (_, i) => Math.sin(12.9898 * i + (i % 2)));
  const y = Int32Array.from({ length: 200 }, (_, i) => (x[2 * i] > x[2 * i + 1] ** 2 ? 1 : 0));
  return { x: tensor(x, { shape: [200, 2] }), y: tensor(y) };
};

const configs: readonly Config[] = [8, 16, 24, 32].flatMap((width) => [{ width, learningRate: 0.01 + width / 1e3 }]);

const numbersOf = ({ losses, end, weights }: Result) => ({
  losses,
  end,
  weights: [...weights].map(([key, { data }]) => [key, [...Array.from(data)]]),
});

const values = <T>(results: readonly PromiseSettledResult<T>[]): T[] =>
  results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });

afterEach(() => manualSeed(0));

describe('several networks at once', () => {
  it('trap: a loop: they are really concurrent, each waiting for the others to be there', async () => {
    const data = { here: tensor([0], { dtype: 'i32' }), places: 3 };
    const run = (workers: number) => trainMany<object, string>(network('meeting'), [{}, {}, {}], { data, workers });
    expect(values(await run(3))).toEqual(['together', 'together', 'together']);
  });

  it('equal training one by one, bit for bit', async () => {
    const { default: train } = (await import(network('moons').href)) as { default: TrainOne<Config, Result> };
    const data = points();
    const oneByOne: Result[] = [];
    for (const [index, config] of configs.entries()) {
      manualSeed(7);
      const job: Job = { index, data, signal: new AbortController().signal, progress: {} };
      oneByOne.push(await train(config, job));
    }
    const many = values(await trainMany<Config, Result>(network('moons'), configs, { data, seed: 7, workers: 2 }));
    expect(many.map(numbersOf)).toEqual(oneByOne.map(numbersOf));
    expect(new Set(many.map(({ losses }) => losses[2])).size).toBe(configs.length);
    expect(many[0].losses[2]).toBeLessThan(many[0].losses[0]);
  });

  it('tell their progress, each for itself', async () => {
    const told: NetworkProgress<Config>[] = [];
    const results = await trainMany<Config, Result>(network('moons'), configs.slice(0, 2), {
      data: points(),
      onProgress: (progress) => told.push(progress),
    });
    for (const [index, result] of values(results).entries()) {
      const own = told.filter((progress) => progress.index === index);
      expect(own.every(({ config }) => config === configs[index])).toBe(true);
      const types = own.map(({ event }) => event.type).filter((type) => type !== 'step');
      expect(types).toEqual(['start', 'epochEnd', 'epochEnd', 'epochEnd', 'end']);
      const losses = own.flatMap(({ event }) => (event.type === 'epochEnd' ? [event.record.train.loss] : []));
      expect(losses).toEqual(result.losses);
      const step = own.find(({ event }) => event.type === 'step')?.event as Extract<ProgressEvent, { type: 'step' }>;
      expect(step).toMatchObject({ epoch: 1, epochs: 3, batches: 7, loss: expect.any(Number) });
    }
  });

  it('share the data: no thread has a copy', async () => {
    const data = { here: tensor([0, 5], { dtype: 'i32' }), places: 2 };
    expect(values(await trainMany(network('meeting'), [1, 2], { data, workers: 2 }))).toEqual(['together', 'together']);
    expect([...data.here.data]).toEqual([0, 5]);
  });

  it('compute on one thread each, and leave the threads here as they were', async () => {
    const before = threads();
    setThreads(2);
    try {
      const kept = threads();
      const results = await trainMany<string, number>(network('faulty'), ['threads', 'threads'], { workers: 2 });
      expect(values(results)).toEqual([1, 1]);
      expect(threads()).toBe(kept);
    } finally {
      setThreads(before);
    }
  });

  it('have the seed given, else the one in force, whichever worker they come to', async () => {
    const draws = async (seed?: number) =>
      values(await trainMany<string, number[]>(network('faulty'), ['draw', 'draw', 'draw'], { seed, workers: 2 }));
    manualSeed(11);
    const [first, second, third] = await draws();
    expect([second, third]).toEqual([first, first]);
    expect(await draws(11)).toEqual([first, first, first]);
    expect((await draws(12))[0]).not.toEqual(first);
  });

  it('take and give tensors, nested as you like', async () => {
    const x = tensor([4, 5]);
    type Added = { sum: { data: ArrayLike<number> }; nested: Map<string, { shape: number[] }>[] };
    const [{ sum, nested }] = values(await trainMany<string, Added>(network('faulty'), ['add'], { data: { x } }));
    expect([Array.from(sum.data), nested[0].get('x')?.shape]).toEqual([[5, 5], [2]]);
  });

  it('of none is nothing', async () => {
    expect(await trainMany(network('faulty'), [])).toEqual([]);
  });
});

describe('a network that fails', () => {
  it.each([1, 2])('has its error as its result, and does not take the others along (workers: %i)', async (workers) => {
    const given = ['throw', 'first', 'exit', 'second', 'function', 'third'];
    const results = await trainMany<string, string>(network('faulty'), given, { workers });
    expect(results).toMatchObject([
      { status: 'rejected', reason: { name: 'BadLuck', message: 'network 0 diverged' } },
      { status: 'fulfilled', value: 'first' },
      { status: 'rejected', reason: { message: expect.stringMatching(/exited with code: 3/) } },
      { status: 'fulfilled', value: 'second' },
      { status: 'rejected', reason: { name: 'DataCloneError' } },
      { status: 'fulfilled', value: 'third' },
    ]);
  });

  it('for its module says so', async () => {
    const [none] = await trainMany(network('none'), [1]);
    expect(none).toMatchObject({ reason: { message: expect.stringMatching(/none\.mjs/) } });
    const [noFunction] = await trainMany('data:text/javascript,export const a = 1', [1]);
    expect(noFunction).toMatchObject({
      reason: { message: expect.stringMatching(/no function as its default export/) },
    });
    const [notSent] = await trainMany(network('faulty'), [() => 1]);
    expect(notSent).toMatchObject({ status: 'rejected', reason: { name: 'DataCloneError' } });
  });
});

describe('an AbortSignal', () => {
  it('ends those under way in good order, and those not begun with its reason', async () => {
    const controller = new AbortController();
    const epochs = 1e6;
    const results = await trainMany<Config, Result>(
      network('moons'),
      configs.map((config) => ({ ...config, epochs })),
      {
        data: points(),
        workers: 1,
        signal: controller.signal,
        onProgress: ({ event }) => event.type === 'epochEnd' && event.epoch === 3 && controller.abort('enough'),
      },
    );
    expect(results[0]).toMatchObject({ status: 'fulfilled', value: { end: 'aborted' } });
    expect(results.slice(1)).toEqual(configs.slice(1).map(() => ({ status: 'rejected', reason: 'enough' })));
  });

  it('ends those too that do not heed it', async () => {
    const signal = AbortSignal.timeout(500);
    const results = await trainMany<string, string>(network('faulty'), ['deaf', 'heed'], { workers: 2, signal });
    expect(results).toMatchObject([
      { status: 'rejected', reason: { name: 'TimeoutError' } },
      { status: 'fulfilled', value: 'ended by itself' },
    ]);
  });

  it('aborted already begins nothing', async () => {
    const results = await trainMany(network('faulty'), ['a', 'b'], { signal: AbortSignal.abort('never') });
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual(['never', 'never']);
  });
});

describe('trainMany refuses', () => {
  it('what makes no sense', async () => {
    await expect(trainMany('./network.js', [])).rejects.toThrow(/is a URL such as new URL/);
    await expect(trainMany(network('faulty'), [], { workers: 0 })).rejects.toThrow(/workers is a whole number from 1/);
    await expect(trainMany(network('faulty'), [], { threads: 2 } as never)).rejects.toThrow(/no option "threads"/);
  });

  it('to swallow what onProgress throws', async () => {
    const onProgress = () => {
      throw new Error('the plot failed');
    };
    const options = { data: points(), onProgress, workers: 2 };
    await expect(trainMany(network('moons'), configs, options)).rejects.toThrow('the plot failed');
  });
});
