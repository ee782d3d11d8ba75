import { type AnyModule, clone, toTopology } from '@nn/layers';
import {
  backward,
  capture,
  fill,
  flattenTree,
  manualSeed,
  multiply,
  noGrad,
  randomState,
  setRandomState,
  subtract,
  type Tensor,
  withBackend,
} from '@nn/tensor';
import { auditLaunches, type BackendUnderTest, backendName, configurations } from './audit.js';
import type { Check } from './check.js';
import { assertSameBits } from './compare.js';
import { type DrawSpec, drawInputs, drawLike } from './draw.js';
import { toFloat64 } from './float64.js';
import { checkGradients } from './gradient-check.js';
import type { LayerCase } from './layer-case.js';

const modes = ['training', 'evaluation'] as const;
type Mode = (typeof modes)[number];

/**
 * What must hold for a layer: it builds on a shape as on a first run; its gradients by inputs and parameters are derivatives (finite
 * differences, f64), in training and in evaluation; its state and its topology can be saved; a clone is equal and
 * independent; evaluation repeats itself and changes nothing; a captured training step equals an eager one to the bit; each kernel that it
 * uses equals its reference on every backend.
 */
export function layerSuite(c: LayerCase, backends: readonly BackendUnderTest[]): Check[] {
  const check = (name: string, work: () => void): Check => ({ name, run: () => keepingRandomState(work) });
  return [
    check('builds on a shape as on a first run', () => checkBuild(c)),
    ...modes.map((mode) => check(`its gradients are derivatives, in ${mode}`, () => checkDerivatives(c, mode))),
    check('its state can be saved and loaded', () => checkState(c)),
    check('a clone is equal and independent', () => checkClone(c)),
    check('evaluation repeats itself and changes nothing', () => checkEvaluation(c)),
    ...backends
      .flatMap(configurations)
      .map((configuration) =>
        check(`captured training equals eager to the bit on ${configuration.name}`, () =>
          withBackend(configuration, () => checkCapture(c)),
        ),
      ),
    ...backends.map((backend) =>
      check(`each kernel on ${backendName(backend)} equals its reference`, () => checkBackend(c, backend)),
    ),
  ];
}

const seed = 5;

function keepingRandomState(work: () => void): void {
  const state = randomState();
  try {
    work();
  } finally {
    setRandomState(state);
  }
}

const withoutBatch = ({ shape, dtype }: Tensor) => ({ shape: shape.slice(1), dtype });

/** The layer with weights of a seed, built on the case's inputs. */
function built({ make, inputs: specs }: LayerCase, weights = seed): AnyModule {
  manualSeed(weights);
  return make().build(...drawInputs(specs, seed, 'f32').map(withoutBatch));
}

const inMode = (module: AnyModule, mode: Mode) => (mode === 'training' ? module.train() : module.eval());
const results = (module: AnyModule, inputs: readonly Tensor[]) =>
  flattenTree(module.run(...inputs), 'the result').tensors;

function assertAllSame(got: readonly Tensor[], expected: readonly Tensor[], what: string): void {
  if (got.length !== expected.length) throw new Error(`${what}: ${got.length} tensors instead of ${expected.length}`);
  got.forEach((tensor, i) => {
    assertSameBits(tensor, expected[i], `${what}, tensor ${i}`);
  });
}

function assertSameState(got: AnyModule, expected: AnyModule, what: string): void {
  const [a, b] = [got.stateDict(), expected.stateDict()];
  if ([...a.keys()].join() !== [...b.keys()].join())
    throw new Error(`${what}: the state keys are ${[...a.keys()].join()} instead of ${[...b.keys()].join()}`);
  for (const [key, tensor] of a) assertSameBits(tensor, b.get(key) as Tensor, `${what}: ${key}`);
}

function checkBuild(c: LayerCase): void {
  const inputs = drawInputs(c.inputs, seed, 'f32');
  const onShape = built(c).eval();
  manualSeed(seed);
  const onRun = c.make().eval();
  const expected = results(onRun, inputs);
  assertSameState(onShape, onRun, 'built on a shape, not on a run');
  assertAllSame(results(onShape, inputs), expected, 'built on a shape, not on a run');
  const doubled = c.inputs.map((spec): DrawSpec => ({ ...spec, shape: [spec.shape[0] * 2, ...spec.shape.slice(1)] }));
  results(onShape, drawInputs(doubled, seed, 'f32')).forEach((y, i) => {
    if (y.shape[0] !== 2 * expected[i].shape[0])
      throw new Error(
        `a batch twice as large gives result ${i} of ${y.shape[0]} rows instead of ${2 * expected[i].shape[0]}`,
      );
  });
}

function checkDerivatives(c: LayerCase, mode: Mode): void {
  const { float = 'f64' } = c;
  const module = inMode(built(c), mode);
  if (float === 'f64') toFloat64(module);
  const inputs = drawInputs(c.inputs, seed, float);
  const of = new Map<string, Tensor>(module.namedParameters());
  inputs.forEach((input, i) => {
    if (input.requiresGrad) of.set(`input ${i}`, input);
  });
  const differentiable = results(module, inputs).some((y) => y.requiresGrad);
  if (!differentiable && (c.differentiable ?? true) && of.size > 0)
    throw new Error('its results need no gradient; say differentiable: false if that is meant');
  if (differentiable && c.differentiable === false)
    throw new Error('its results need a gradient; leave out differentiable: false');
  if (!differentiable) return;
  const report = checkGradients(() => results(module, inputs), of);
  if (report.verdict !== 'pass') throw new Error(String(report));
}

function checkState(c: LayerCase): void {
  const [saved, other] = [built(c).eval(), built(c, seed + 1).eval()];
  const inputs = drawInputs(c.inputs, seed, 'f32');
  other.loadStateDict(saved.stateDict());
  assertSameState(other, saved, 'after loadStateDict');
  assertAllSame(results(other, inputs), results(saved, inputs), 'after loadStateDict');
  const [first] = saved.stateDict().keys();
  if (first === undefined) return;
  const incomplete = new Map(saved.stateDict());
  incomplete.delete(first);
  if (!throws(() => other.loadStateDict(incomplete))) throw new Error(`loading a state without ${first} is no error`);
}

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}

function checkClone(c: LayerCase): void {
  const original = built(c).eval();
  const inputs = drawInputs(c.inputs, seed, 'f32');
  const expected = results(original, inputs);
  const copy = clone(original);
  assertSameState(copy, original, 'cloned');
  assertAllSame(results(copy, inputs), expected, 'cloned');
  const [text, copied] = [original, copy].map((module) => JSON.stringify(toTopology(module)));
  if (text !== copied) throw new Error(`the clone's topology is ${copied} instead of ${text}`);
  for (const tensor of copy.stateDict().values()) tensor.assign(fill(tensor.shape, 7, tensor.dtype));
  assertAllSame(results(original, inputs), expected, 'after a change of its clone');
}

function checkEvaluation(c: LayerCase): void {
  const module = built(c);
  for (const [path, { training }] of module.eval().modules())
    if (training) throw new Error(`eval leaves ${path || 'the module itself'} in training mode`);
  const inputs = drawInputs(c.inputs, seed, 'f32');
  const before = clone(module);
  const expected = results(module, inputs);
  assertAllSame(results(module, inputs), expected, 'run again');
  assertSameState(module, before, 'after runs in evaluation mode');
  for (const [path, { training }] of module.train().modules())
    if (!training) throw new Error(`train leaves ${path || 'the module itself'} in evaluation mode`);
}

/** Forward, backward and a small step down the gradient; returns what came of it. */
function trainingStep(module: AnyModule, dys: Tensor[]): (...inputs: Tensor[]) => readonly Tensor[] {
  return (...inputs) => {
    const ys = results(module, inputs);
    const parameters = module.parameters();
    const of = [...parameters, ...inputs].filter((tensor) => tensor.requiresGrad);
    const gradients = ys.flatMap((y, i) => {
      if (!y.requiresGrad) return [];
      dys[i] ??= drawLike(y, i);
      return [...backward(y, { seed: dys[i], of })];
    });
    noGrad(() => {
      for (const [tensor, gradient] of gradients)
        if (parameters.some((parameter) => parameter === tensor))
          tensor.assign(subtract(tensor, multiply(gradient, 0.01)));
    });
    return [...ys, ...gradients.map(([, gradient]) => gradient)];
  };
}

function checkCapture(c: LayerCase): void {
  const eagerModule = built(c);
  const capturedModule = clone(eagerModule);
  const dys: Tensor[] = [];
  const eager = trainingStep(eagerModule, dys);
  const captured = capture(trainingStep(capturedModule, dys));
  const rounds: readonly Mode[] = [
    'training',
    'training',
    'training',
    'training',
    'evaluation',
    'evaluation',
    'training',
  ];
  rounds.forEach((mode, round) => {
    const inputs = drawInputs(c.inputs, seed + round, 'f32');
    manualSeed(seed + round);
    const expected = inMode(eagerModule, mode) && eager(...inputs);
    manualSeed(seed + round);
    const got = inMode(capturedModule, mode) && captured(...inputs);
    assertAllSame(got, expected, `call ${round + 1}, in ${mode}`);
    assertSameState(capturedModule, eagerModule, `after call ${round + 1}, in ${mode}`);
  });
}

function checkBackend(c: LayerCase, backend: BackendUnderTest): void {
  for (const mode of modes) {
    const module = inMode(built(c), mode);
    const inputs = drawInputs(c.inputs, seed, 'f32');
    auditLaunches(() => trainingStep(module, [])(...inputs), backend, c.tolerance);
  }
}
