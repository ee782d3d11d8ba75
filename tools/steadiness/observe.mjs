// Loaded before the demo: notes the resident memory at the end of each epoch and the delay of the event loop from the
// first epoch's start to the last one's end, and prints both as the last line of JSON.

import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
/** @type {number[]} */
const megabytes = [];
const write = process.stdout.write.bind(process.stdout);

process.stdout.write = /** @type {typeof write} */ (
  (/** @type {string} */ text, /** @type {any[]} */ ...rest) => {
    if (text.startsWith('Training ')) setImmediate(() => delay.enable());
    if (/^Epoch \d+\/\d+ .*learning rate/.test(text)) megabytes.push(process.memoryUsage.rss() / 2 ** 20);
    if (text.startsWith('Test: ')) delay.disable();
    return write(text, ...rest);
  }
);

process.on('exit', () => {
  // The monitor counts from one of its own ticks to the next: what exceeds the tick is delay.
  const p99 = delay.percentile(99) / 1e6 - 1;
  write(
    `${JSON.stringify({ megabytes: megabytes.map(Math.round), ticks: delay.count, p99, longest: delay.max / 1e6 - 1 })}\n`,
  );
});
