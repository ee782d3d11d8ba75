/** What the shell expects of a program that Ctrl-C has ended: 128 + SIGINT. */
export const interruptedStatus = 130;

/** One press of Ctrl-C may arrive several times, from the terminal and from the programs that started this one. */
const samePress = 300;

/**
 * Runs `work` with a signal that Ctrl-C aborts, so that it can end in good order; `onPress` is called then. From then on
 * another press ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, onPress: () => void): Promise<T> {
  const controller = new AbortController();
  let pressed = Infinity;
  const press = () => {
    if (controller.signal.aborted) {
      if (performance.now() - pressed > samePress) process.exit(interruptedStatus);
      return;
    }
    pressed = performance.now();
    controller.abort();
    onPress();
  };
  process.on('SIGINT', press);
  try {
    return await work(controller.signal);
  } finally {
    if (!controller.signal.aborted) process.off('SIGINT', press);
  }
}
