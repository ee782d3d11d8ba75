/** What the shell expects of a program that Ctrl-C has ended: 128 + SIGINT. */
export const interruptedStatus = 130;

/** One press of Ctrl-C may arrive several times, from the terminal and from the processes that started this one. */
const samePress = 300;

/**
 * Runs `work` with a signal that Ctrl-C (or SIGTERM) aborts, so that it can end in good order; `onPress` is called then.
 * A second press ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, onPress: () => void): Promise<T> {
  const controller = new AbortController();
  let pressed: number | undefined;
  const press = () => {
    if (pressed === undefined) {
      pressed = performance.now();
      controller.abort();
      onPress();
    } else if (performance.now() - pressed > samePress) process.exit(interruptedStatus);
  };
  process.on('SIGINT', press).on('SIGTERM', press);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', press).off('SIGTERM', press);
  }
}
