import { backward, type Data, isFloat, randomState, setRandomState, type Tensor } from '@nn/tensor';
import { drawLike, Generator } from './draw.js';

/**
 * `pass`: the derivative agrees with finite differences. `fail`: it does not. `inconclusive`: the function has a kink or a
 * jump, or is not finite, too near for finite differences to say.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** What was found at one element of one tensor. */
export interface GradientDifference {
  readonly verdict: Verdict;
  /** Index into the flat data. */
  readonly element: number;
  /** What `backward` says. */
  readonly derivative: number;
  /** What finite differences say. */
  readonly estimate: number;
  /** `|derivative − estimate|`, relative to the larger of the two and the tensor's other gradients. */
  readonly relativeError: number;
}

/** What was found for one tensor. */
export interface GradientFinding {
  readonly name: string;
  readonly verdict: Verdict;
  /** The elements looked at. */
  readonly checked: number;
  /** The element of the largest error among those that decide the verdict. */
  readonly worst: GradientDifference;
}

export interface GradientReport {
  /** `fail` if any tensor fails, else `inconclusive` if any is, else `pass`. */
  readonly verdict: Verdict;
  readonly findings: readonly GradientFinding[];
  /** A line a tensor. */
  toString(): string;
}

export interface GradientCheckOptions {
  /** The largest relative error. Default 1e-5 in f64, 3e-2 in f32. */
  readonly tolerance?: number;
  /** How far an element is moved, times max(1, |element|). Default 1e-5 in f64, 3e-3 in f32. */
  readonly step?: number;
  /** At most this many elements of a tensor are looked at, chosen by `seed`. Default 40. */
  readonly samples?: number;
  /** Fixes the weights that reduce the results to one number, and the samples. Default 1. */
  readonly seed?: number;
  /** True to check the second derivative: that of the gradients. Default false. */
  readonly second?: boolean;
}

/** The tensors to differentiate by, with names for the report. */
export type NamedTensors = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/**
 * Compares the gradients that `backward` gives with central finite differences, `(f(x + h) − f(x − h)) / 2h`.
 *
 * `compute` runs the forward pass and returns its result (or several), of any shape: they are reduced to one number with fixed random
 * weights. It is called again and again with `of` changed in place and the random streams rewound, so that dropout does not
 * disturb. Results are sharp in f64; in f32 only gross mistakes show.
 *
 * ```ts
 * const report = checkGradients(() => loss(model.run(x), y), model.namedParameters());
 * if (report.verdict !== 'pass') console.log(String(report));
 * ```
 * Errors: tensors of whole numbers, or that ask for no gradient.
 */
export function checkGradients(
  compute: () => Tensor | readonly Tensor[],
  of: NamedTensors,
  options: GradientCheckOptions = {},
): GradientReport {
  const { samples = 40, seed = 1, second = false } = options;
  const entries =
    of instanceof Map ? [...(of as ReadonlyMap<string, Tensor>)] : Object.entries(of as Record<string, Tensor>);
  for (const [name, { dtype, requiresGrad }] of entries) {
    if (!isFloat(dtype)) throw new TypeError(`checkGradients: ${name} is ${dtype}; only f32 and f64 have gradients.`);
    if (!requiresGrad)
      throw new TypeError(
        `checkGradients: ${name} asks for no gradient; make it with requiresGrad: true, or unfreeze it.`,
      );
  }
  const tensors = entries.map(([, tensor]) => tensor);
  const random = randomState();
  const first = () => {
    setRandomState(random);
    return list(compute());
  };
  const results = second ? () => gradientsOf(first(), tensors, seed) : first;

  const derivatives = weighedGradients(results(), tensors, seed + 1000);
  const value = () => weighedSum(results(), seed + 1000);
  try {
    const findings = entries.map(([name, tensor], i) =>
      examine(
        name,
        tensor,
        derivatives[i],
        value,
        { ...defaultsFor(tensor), ...defined(options) },
        sample(tensor.size, samples, seed),
      ),
    );
    const verdict = worstOf(findings.map((finding) => finding.verdict));
    return { verdict, findings, toString: () => findings.map(describe).join('\n') };
  } finally {
    setRandomState(random);
  }
}

const list = (results: Tensor | readonly Tensor[]): readonly Tensor[] =>
  (Array.isArray(results) ? results : [results]).filter(({ dtype }: Tensor) => isFloat(dtype));

const defaultsFor = ({ dtype }: Tensor) =>
  dtype === 'f64'
    ? { tolerance: 1e-5, step: 1e-5, rounding: 2 ** -52 }
    : { tolerance: 3e-2, step: 3e-3, rounding: 2 ** -23 };

const defined = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

const ranks: readonly Verdict[] = ['pass', 'inconclusive', 'fail'];
const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  ranks[Math.max(0, ...verdicts.map((verdict) => ranks.indexOf(verdict)))];

/** The gradients of weighed results, as tensors that can be differentiated again. */
function gradientsOf(results: readonly Tensor[], tensors: readonly Tensor[], seed: number): Tensor[] {
  return results.flatMap((y, i) => {
    if (!y.requiresGrad) return [];
    const gradients = backward(y, { seed: drawLike(y, seed + i), of: tensors, createGraph: true });
    return tensors.flatMap((tensor) => gradients.get(tensor) ?? []);
  });
}

/** d(Σ weight · result) / d(each tensor). */
function weighedGradients(results: readonly Tensor[], tensors: readonly Tensor[], seed: number): Float64Array[] {
  const sums = tensors.map(({ size }) => new Float64Array(size));
  results.forEach((y, i) => {
    if (!y.requiresGrad) return;
    const gradients = backward(y, { seed: drawLike(y, seed + i), of: tensors });
    tensors.forEach((tensor, j) => {
      gradients.get(tensor)?.data.forEach((value, k) => {
        sums[j][k] += value;
      });
    });
  });
  return sums;
}

/** Σ weight · result, summed in float64. */
function weighedSum(results: readonly Tensor[], seed: number): number {
  let sum = 0;
  results.forEach((y, i) => {
    const weights = drawLike(y, seed + i).data;
    y.data.forEach((value, k) => {
      sum += value * weights[k];
    });
  });
  return sum;
}

/** All elements, or as many as asked for: the first, the last and others at random. */
function sample(size: number, samples: number, seed: number): number[] {
  if (size <= samples) return Array.from({ length: size }, (_, i) => i);
  const inner = new Generator(seed).take(Math.max(0, samples - 2));
  const chosen = new Set([0, size - 1, ...Array.from(inner, (number) => Math.floor(number * size))]);
  return [...chosen].sort((a, b) => a - b);
}

interface Measure {
  readonly tolerance: number;
  readonly step: number;
  /** The relative error of storing a number. */
  readonly rounding: number;
}

function examine(
  name: string,
  tensor: Tensor,
  derivative: Float64Array,
  value: () => number,
  measure: Measure,
  elements: readonly number[],
): GradientFinding {
  const { data } = tensor.storage;
  const scale = derivative.reduce((largest, item) => Math.max(largest, Math.abs(item) || 0), 0);
  const middle = value();
  const differences = elements.map((element) =>
    judge(element, derivative[element], scale, middle, measure, (offset) => valueAt(data, element, offset, value)),
  );
  const verdict = worstOf(differences.map((item) => item.verdict));
  const worst = differences
    .filter((item) => item.verdict === verdict)
    .reduce((a, b) => (b.relativeError > a.relativeError ? b : a), nothingFound);
  return { name, verdict, checked: elements.length, worst };
}

const nothingFound: GradientDifference = { verdict: 'pass', element: 0, derivative: 0, estimate: 0, relativeError: -1 };

/** The function with one element moved; also the distance that it really moved, after rounding. */
function valueAt(data: Data, element: number, offset: number, value: () => number): { value: number; moved: number } {
  const before = data[element];
  data[element] = before + offset;
  const moved = data[element] - before;
  try {
    return { value: value(), moved };
  } finally {
    data[element] = before;
  }
}

function judge(
  element: number,
  derivative: number,
  scale: number,
  middle: number,
  { tolerance, step, rounding }: Measure,
  at: (offset: number) => { value: number; moved: number },
): GradientDifference {
  const steps = [step, step / 8].map((h) => {
    const [after, before] = [at(h), at(-h)];
    const estimate = (after.value - before.value) / (after.moved - before.moved);
    const turn = Math.abs((after.value - middle) / after.moved - (before.value - middle) / before.moved);
    const noise = (16 * rounding * (1 + Math.abs(middle))) / h;
    const error = Math.abs(derivative - estimate);
    const relativeError =
      error / (Math.max(Math.abs(derivative), Math.abs(estimate), 1e-3 * scale) + noise / tolerance);
    return { estimate, turn, relativeError };
  });
  const [wide, narrow] = steps;
  const best = wide.relativeError <= narrow.relativeError ? wide : narrow;
  const result = { element, derivative, estimate: best.estimate, relativeError: best.relativeError };
  if (best.relativeError <= tolerance) return { ...result, verdict: 'pass' };
  const finite = steps.every(({ estimate }) => Number.isFinite(estimate));
  if (!finite) return { ...result, relativeError: Infinity, verdict: 'inconclusive' };
  // A smooth function turns eight times less over an eighth of the way; one with a kink turns as much.
  const kink = narrow.turn > wide.turn / 2 && narrow.turn > tolerance * Math.max(scale, Math.abs(best.estimate));
  return {
    ...result,
    relativeError: Number.isNaN(best.relativeError) ? Infinity : best.relativeError,
    verdict: kink ? 'inconclusive' : 'fail',
  };
}

function describe({ name, verdict, checked, worst }: GradientFinding): string {
  if (checked === 0) return `${name}: pass, no elements`;
  const numbers = `relative error ${worst.relativeError.toExponential(1)} at element ${worst.element}`;
  const values = `derivative ${worst.derivative}, finite differences ${worst.estimate}`;
  const remedy =
    verdict === 'inconclusive' ? ': a kink, a jump or an infinity is near; move the input away from it' : '';
  return `${name}: ${verdict}, ${numbers} (${values})${remedy}`;
}
