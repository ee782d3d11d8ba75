import { setImmediate } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` to its end before a signal that would end the process takes effect. Signals that the program handles
 * itself are left to it.
 */
export async function holdSignals<T>(work: () => T): Promise<T> {
  let received: NodeJS.Signals | undefined;
  const note = (signal: NodeJS.Signals) => {
    received = signal;
  };
  const held = signals.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of held) process.on(signal, note);
  try {
    return work();
  } finally {
    // A signal that arrived meanwhile is delivered when the event loop polls, which lies between two of these.
    await setImmediate();
    await setImmediate();
    for (const signal of held) process.off(signal, note);
    if (received) process.kill(process.pid, received);
  }
}
