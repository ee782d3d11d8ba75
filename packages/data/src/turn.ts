const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown };

/** One turn of the event loop, without the delay that timers have. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (setImmediate) {
      setImmediate(() => resolve());
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
