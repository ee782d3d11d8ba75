import { matmul, noGrad, setThreads, zeros } from '@nn/nn';

/** What the machine can do at most, as far as this framework's own kernels show it. */
export interface Limits {
  /** Multiplications and additions a second: the best of several products of 768 × 768 matrices. */
  readonly flops: number;
  /** Bytes a second, read and written, of copies within a working set of so many bytes: the best of several. */
  bandwidth(bytes: number): number;
}

const seconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

const shortest = (times: number, work: () => void): number =>
  Math.min(...Array.from({ length: times }, () => seconds(work)));

/** Measures, which takes a fraction of a second. */
export function measureLimits(threads: number): Limits {
  setThreads(threads);
  const n = 768;
  const square = zeros([n, n]);
  const flops = (2 * n ** 3) / noGrad(() => shortest(20, () => void matmul(square, square)));
  const known = new Map<number, number>();
  return {
    flops,
    bandwidth(bytes) {
      const size = 2 ** Math.max(14, Math.min(28, Math.round(Math.log2(bytes))));
      const measured = known.get(size) ?? copyRate(size);
      known.set(size, measured);
      return measured;
    },
  };
}

function copyRate(bytes: number): number {
  const [from, to] = [zeros([bytes / 8]), zeros([bytes / 8])];
  const copies = Math.max(1, Math.round(2 ** 22 / bytes));
  return (
    (copies * bytes) /
    shortest(20, () => {
      for (let i = 0; i < copies; i++) to.assign(from);
    })
  );
}
