import {
  backward,
  capture,
  manualSeed,
  randomState,
  referenceBackend,
  ShapeError,
  setRandomState,
  type Tensor,
  withBackend,
} from '@nn/tensor';
import { auditLaunches, type BackendUnderTest, backendName, configurations } from './audit.js';
import type { Check } from './check.js';
import { assertClose, assertSameBits } from './compare.js';
import { drawInputs, drawLike } from './draw.js';
import { checkGradients } from './gradient-check.js';
import type { OpCase } from './op-case.js';
import { variantsOf } from './sizes.js';

/**
 * What must hold for an op: gradient = derivative, and the second one too (finite differences, f64, reference); the same
 * gradient to the bit when it is kept differentiable, at special numbers too; fused = meaning; captured = eager, bit for
 * bit, on every backend; every kernel on every backend = its reference (f32, over many sizes). A backend in several
 * configurations is given as a list.
 */
export function opSuite(c: OpCase, backends: readonly BackendUnderTest[]): Check[] {
  const differentiable = c.differentiable ?? true;
  return [
    ...(differentiable ? derivativeChecks(c) : [{ name: 'has no gradient', run: () => checkNoGradient(c) }]),
    ...(hasMeaning(c) ? [{ name: 'equals its meaning', run: () => checkMeaning(c) }] : []),
    ...backends.flatMap((backend) =>
      configurations(backend).map((configuration) => ({
        name: `captured equals eager to the bit on ${configuration.name}`,
        run: () => withBackend(configuration, () => checkCapture(c)),
      })),
    ),
    ...backends.map((backend) => ({
      name: `each kernel on ${backendName(backend)} equals its reference`,
      run: () => checkBackend(c, backend),
    })),
  ];
}

function derivativeChecks(c: OpCase): Check[] {
  const derivative = { name: 'its gradient is its derivative', run: () => checkDerivative(c, false) };
  const second = { name: 'its second gradient is its second derivative', run: () => checkDerivative(c, true) };
  const kept = { name: 'its gradient is the same when kept differentiable', run: () => checkKeptGradient(c) };
  return (c.twice ?? true) ? [derivative, kept, second] : [derivative];
}

const seed = 11;

function checkDerivative(c: OpCase, second: boolean): void {
  const inputs = drawInputs(c.inputs, seed, 'f64');
  const floats = new Map(inputs.flatMap((input, i) => (input.requiresGrad ? [[`input ${i}`, input] as const] : [])));
  if (!c.compute(...inputs).some((y) => y.requiresGrad))
    throw new Error('its results need no gradient; give the op a backward, or say differentiable: false');
  const report = checkGradients(() => c.compute(...inputs), floats, { second });
  if (report.verdict !== 'pass') throw new Error(String(report));
}

/** `createGraph` adds to what a gradient can do, and must not change it: at kinks, nor where a meaning would overflow. */
function checkKeptGradient(c: OpCase): void {
  for (const include of [undefined, 0, 1000, -1000]) {
    const inputs = drawInputs(
      c.inputs.map((spec) => ({ include, ...spec })),
      seed,
      'f32',
    );
    const results = c.compute(...inputs);
    const dys = results.map(drawLike);
    const plain = gradientsOf(results, inputs, { dys });
    gradientsOf(results, inputs, { dys, createGraph: true }).forEach((gradient, i) => {
      assertSameBits(
        gradient,
        plain[i],
        `gradient ${i}${include === undefined ? '' : ` with ${include} in the inputs`}`,
      );
    });
  }
}

function checkNoGradient(c: OpCase): void {
  if (c.compute(...drawInputs(c.inputs, seed, 'f64')).some((y) => y.requiresGrad))
    throw new Error('its results need a gradient; leave out differentiable: false');
}

/** The op that made the first result directly of the case's inputs, if one did. */
function nodeOf(inputs: readonly Tensor[], [y]: readonly Tensor[]) {
  const node = y.origin;
  return node?.inputs.length === inputs.length && node.inputs.every((input, i) => input === inputs[i])
    ? node
    : undefined;
}

function hasMeaning(c: OpCase): boolean {
  try {
    const inputs = drawInputs(c.inputs, seed, 'f64');
    return nodeOf(inputs, c.compute(...inputs))?.op.meaning !== undefined;
  } catch {
    // What is wrong with the op is for the checks to say.
    return false;
  }
}

function checkMeaning(c: OpCase): void {
  const inputs = drawInputs(c.inputs, seed, 'f64');
  const fused = c.compute(...inputs);
  const node = nodeOf(inputs, fused);
  const meaning = node?.op.meaning?.(inputs, node.attrs);
  if (!node || !meaning) throw new Error('the meaning is gone');
  node.outputs.forEach((y, i) => {
    assertClose(meaning[i], y, { name: `result ${i} of the meaning` });
    if (!meaning[i].requiresGrad) return;
    const [expected, got] = [y, meaning[i]].map((result) => gradientsOf([result], inputs));
    got.forEach((gradient, j) => {
      assertClose(gradient, expected[j], { name: `gradient ${j} through result ${i} of the meaning` });
    });
  });
}

/** Gradients of each result by each float input, for incoming gradients that are always the same. */
function gradientsOf(
  results: readonly Tensor[],
  inputs: readonly Tensor[],
  { dys = results.map(drawLike), createGraph = false }: { dys?: readonly Tensor[]; createGraph?: boolean } = {},
): Tensor[] {
  const of = inputs.filter((input) => input.requiresGrad);
  return results.flatMap((y, i) => {
    if (!y.requiresGrad) return [];
    const gradients = backward(y, { seed: dys[i], of, createGraph });
    return of.flatMap((input) => gradients.get(input) ?? []);
  });
}

function checkCapture(c: OpCase): void {
  let dys: Tensor[] | undefined;
  const step = (...inputs: Tensor[]): readonly Tensor[] => {
    const results = c.compute(...inputs);
    dys ??= results.map(drawLike);
    return [...results, ...gradientsOf(results, inputs, { dys })];
  };
  const captured = capture(step);
  const before = randomState();
  try {
    for (let round = 0; round < 4; round++) {
      const inputs = drawInputs(c.inputs, seed + round, 'f32');
      manualSeed(seed);
      const expected = step(...inputs);
      manualSeed(seed);
      captured(...inputs).forEach((got, i) => {
        assertSameBits(got, expected[i], `call ${round + 1}, result ${i}`);
      });
    }
    if (captured.programs.length !== 1) throw new Error(`recorded ${captured.programs.length} times instead of once`);
  } finally {
    setRandomState(before);
  }
}

function checkBackend(c: OpCase, backend: BackendUnderTest): void {
  let audited = 0;
  const plain = configurations(backend).every((configuration) => configuration === referenceBackend);
  for (const { label, inputs: specs, empty, large } of variantsOf(c)) {
    if (plain && large) continue;
    const work = () => {
      const inputs = drawInputs(specs, seed, 'f32');
      const results = c.compute(...inputs);
      gradientsOf(results, inputs);
    };
    try {
      audited += auditLaunches(work, backend, c.tolerance);
    } catch (error) {
      if (empty && error instanceof ShapeError) continue;
      throw new Error(`${label}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  if (audited === 0 && c.launches !== false) throw new Error('it launched no kernel');
}
