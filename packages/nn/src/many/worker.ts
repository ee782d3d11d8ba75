import { setThreads } from '@nn/native-kernels';
import { manualSeed } from '@nn/tensor';
import { type Message, type Outcome, progressTo, type Task, type TrainOne } from './job.js';
import { pack, unpack } from './shared.js';

/** Runs a job in this worker, on one thread of the native kernels. */
export default async function work(task: Task): Promise<Outcome> {
  try {
    return { value: pack(await result(task)) };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { failure: { name, message, stack } };
  } finally {
    task.port.close();
  }
}

/** Errors: the job's; a module without a function as its default export. */
async function result({ module, config, index, data, seed, port }: Task): Promise<unknown> {
  const tell = (message: Message) => port.postMessage(message);
  tell('begun');
  const controller = new AbortController();
  port.once('message', () => controller.abort());
  const { default: train } = (await import(module)) as { default?: TrainOne<unknown, unknown> };
  if (typeof train !== 'function')
    throw new TypeError(
      `trainMany: ${module} has no function as its default export; write export default async (config, job) => ….`,
    );
  setThreads(1);
  manualSeed(seed);
  return train(config, { index, data: unpack(data), signal: controller.signal, progress: progressTo(tell) });
}
