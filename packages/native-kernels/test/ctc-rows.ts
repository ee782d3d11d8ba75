import { noise, unwritten } from './native.js';
import type { Row } from './rows.js';

/** Sizes of a batch of sequences, and the class that stands for no label. */
export type CtcShape = readonly [batch: number, time: number, classes: number, labels: number, blank: number];

const batches: readonly CtcShape[] = [
  [0, 3, 2, 1, 0],
  [1, 1, 2, 1, 0],
  [3, 0, 4, 2, 1],
  [5, 6, 3, 0, 2],
  [9, 7, 3, 3, 0],
  [33, 12, 29, 5, 28],
  [2, 40, 5, 17, 0],
];

/** From 0 to `most`, as many as there are samples. */
const upTo = (most: number, count: number, seed: number) =>
  Int32Array.from(noise(count, seed), (value) => Math.round(((value + 1) / 2) * most));

interface Sample {
  /** What is seen in each state, and what its chance is at each time. */
  readonly classes: readonly number[];
  readonly chances: readonly (readonly number[])[];
}

/** Whether state `to` may follow state `from`. */
const follows = (classes: readonly number[], from: number, to: number) =>
  to === from || to === from + 1 || (to === from + 2 && classes[to] !== classes[from]);

/** [time, states]: chances of all ways to a state at a time, themselves and not their logarithms. */
function waysTo({ classes, chances }: Sample): number[][] {
  const ways: number[][] = [];
  chances.forEach((chance, t) => {
    ways.push(
      classes.map((_, to) => {
        const before =
          t === 0
            ? Number(to < 2)
            : classes.reduce((sum, _, from) => sum + (follows(classes, from, to) ? ways[t - 1][from] : 0), 0);
        return before * chance[to];
      }),
    );
  });
  return ways;
}

/** The same of what comes after, from the end. */
function waysFrom({ classes, chances }: Sample): number[][] {
  const ways: number[][] = [];
  for (let t = chances.length - 1; t >= 0; t--)
    ways.unshift(
      classes.map((_, from) => {
        if (t === chances.length - 1) return Number(from >= classes.length - 2);
        return classes.reduce(
          (sum, _, to) => sum + (follows(classes, from, to) ? chances[t + 1][to] * ways[0][to] : 0),
          0,
        );
      }),
    );
  return ways;
}

export function ctcRows(shapes: readonly CtcShape[] = batches): Row[] {
  return shapes.flatMap(([batch, time, classes, labels, blank]) => {
    const x = noise(batch * time * classes, 40).map((value) => value - Math.log(classes));
    const target = upTo(classes - 2, batch * labels, 41).map((label) => label + Number(label >= blank));
    const inputLengths = upTo(time, batch, 42);
    const targetLengths = upTo(classes > 1 ? labels : 0, batch, 43);
    const dy = noise(batch, 44);
    const states = 2 * labels + 1;
    const y = new Float64Array(batch);
    const alpha = new Float64Array(batch * time * states).fill(-Infinity);
    const dx = new Float64Array(x.length);
    for (let n = 0; n < batch; n++) {
      const said = Array.from({ length: 2 * targetLengths[n] + 1 }, (_, s) =>
        s % 2 === 0 ? blank : target[n * labels + (s - 1) / 2],
      );
      const chances = Array.from({ length: inputLengths[n] }, (_, t) =>
        said.map((label) => Math.exp(x[(n * time + t) * classes + label])),
      );
      const sample = { classes: said, chances };
      const [to, from] = [waysTo(sample), waysFrom(sample)];
      const total =
        to
          .at(-1)
          ?.slice(-2)
          .reduce((a, b) => a + b) ?? Number(said.length === 1);
      y[n] = Math.log(total);
      to.forEach((ways, t) => {
        ways.forEach((chance, s) => {
          alpha[(n * time + t) * states + s] = Math.log(chance);
          if (total > 0) dx[(n * time + t) * classes + said[s]] += (dy[n] * chance * from[t][s]) / total;
        });
      });
    }
    const attributes = [batch, time, classes, labels, blank];
    const lengths = [inputLengths, targetLengths];
    return [
      {
        kernel: 'ctcLogLikelihood',
        attributes,
        buffers: [unwritten(batch), unwritten(alpha.length), x, target, ...lengths],
        expected: [y, alpha],
      },
      {
        kernel: 'ctcLogLikelihoodGradient',
        attributes,
        buffers: [unwritten(x.length), Float32Array.from(y), Float32Array.from(alpha), x, target, ...lengths, dy],
        expected: [dx],
      },
    ];
  });
}
