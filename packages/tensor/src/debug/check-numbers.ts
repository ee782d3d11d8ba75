import { attach, type Launch } from '../backend.js';
import { isFloat } from '../dtype.js';

/** A kernel has written a NaN or an infinity. */
export class NumberError extends Error {
  override readonly name = 'NumberError';

  /** `where` says what was being computed, such as `at step 12`; empty where nobody knows. */
  constructor(
    readonly kernel: string,
    readonly path: string,
    readonly launch: number,
    readonly description: string,
    readonly where = '',
  ) {
    super(
      `${description}, written by kernel "${kernel}"${path === '' ? '' : ` in layer "${path}"`}` +
        `${where === '' ? '' : ` ${where}`} (launch ${launch}): the first number that is not finite. ` +
        'Look at its inputs: a learning rate too high, a log or root of 0 or less, a division by 0, or NaN in the data.',
    );
  }
}

/**
 * Looks at everything that kernels write from now on and throws a NumberError at the first NaN or infinity, in replays
 * of captured steps too. Slow; for finding faults. The result ends it.
 */
export function checkNumbers(): () => void {
  let launches = 0;
  return attach((launch, run) => {
    run();
    launches++;
    const found = firstNotFinite(launch);
    if (found) throw new NumberError(launch.kernel.name, launch.path, launches, found);
  });
}

function firstNotFinite({ kernel, storages }: Launch): string | undefined {
  for (const [i, { dtype, data }] of storages.entries()) {
    if (kernel.accesses[i] === 'read' || !isFloat(dtype)) continue;
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return `${data[at]} in element ${at} of ${kernel.bufferNames[i]}`;
  }
  return undefined;
}
