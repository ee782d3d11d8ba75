import { turn } from './turn.js';

/**
 * What `tasks` make, in order, `ahead` of them made before they are asked for: each is begun in a turn of the event loop of
 * its own, while the consumer waits for something else. An error comes where its result would have; after it, or once the
 * consumer stops, no further task is begun.
 */
export async function* prepareAhead<T>(
  tasks: Iterable<() => T | Promise<T>>,
  { ahead }: { readonly ahead: number },
): AsyncGenerator<T, void, undefined> {
  const left = tasks[Symbol.iterator]();
  const begun: Promise<T>[] = [];
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();

  const begin = () => {
    const next = left.next();
    if (next.done) return;
    const started = last.then(turn).then(() => {
      if (stopped) throw new Error('The consumer has stopped.');
    });
    const result = started.then(next.value);
    result.catch(() => {
      stopped = true;
    });
    last = started.catch(() => {});
    begun.push(result);
  };

  try {
    for (let i = 0; i < ahead; i++) begin();
    for (let result = begun.shift(); result; result = begun.shift()) {
      const value = await result;
      begin();
      yield value;
    }
  } finally {
    stopped = true;
  }
}
