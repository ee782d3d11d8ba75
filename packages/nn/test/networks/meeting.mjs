/**
 * Waits until as many threads are here as `data` has places; alone, which is how a loop would run it, in vain.
 * @type {import('@nn/nn').TrainOne<unknown, string, { here: import('@nn/nn').Tensor, places: number }>}
 */
export default (_, { data: { here, places } }) => {
  const count = new Int32Array(here.data.buffer);
  if (Atomics.add(count, 0, 1) + 1 === places) Atomics.notify(count, 0);
  for (let present = Atomics.load(count, 0); present < places; present = Atomics.load(count, 0))
    if (Atomics.wait(count, 0, present, 10_000) === 'timed-out') return 'alone';
  return 'together';
};
