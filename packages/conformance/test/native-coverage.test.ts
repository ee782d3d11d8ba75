import * as data from '@nn/data';
import { initialize } from '@nn/layers';
import * as optim from '@nn/optim';
import { clipByNorm, clipByValue, Optimizer } from '@nn/optim';
import { backward, flattenTree, manualSeed, mean, ones, Parameter, square, sum } from '@nn/tensor';
import { drawInputs, type OpCase } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { loadAddon } from '../../native-kernels/src/addon.js';
import { differentiate, type Use, useName, useOps, usesOf } from './kernels-in-use.js';
import { layerRows } from './layer-rows.js';
import { lossRows } from './loss-rows.js';
import { opRows } from './op-rows.js';
import { transformRows } from './transform-rows.js';

const loaded = loadAddon();

const few = 'whole numbers count and point: there are few of them, one a sample or a label';

/** Kernels with buffers of these dtypes that run as TypeScript on the native backend, and why no step suffers from it. */
const exceptions: Readonly<Record<string, string>> = {
  'add i32,i32,i32': few,
  'maximum i32,i32,i32': few,
  'multiply i32,i32,i32': few,
  'subtract i32,i32,i32': few,
  'sum i32,i32': few,
  'sum i32,u8': few,
  'where i32,u8,i32,i32': few,
  'multiply u8,u8,u8': 'masks are joined before they are spread over what they mask',
  'oneHot u8,i32': 'classes are fed to networks as floats',
  'maxPool2dPick f32,f32,i32': 'only the gradient of a gradient of pooling picks',
  'randomNormal f32,i32': 'weights are drawn once, and have the same bits on every backend',
  'orthonormalize f32': 'weights are drawn once',
};

/** The gradients of gradients. */
function differentiateTwice({ compute, inputs, differentiable = true, twice = true }: OpCase): void {
  if (!differentiable || !twice) return;
  const x = drawInputs(inputs, 1, 'f32');
  const of = x.filter(({ requiresGrad }) => requiresGrad);
  for (const y of compute(...x)) {
    if (!y.requiresGrad || y.dtype !== 'f32') continue;
    const gradients = backward(sum(square(y)), { of, createGraph: true });
    differentiate(of.flatMap((input) => gradients.get(input) ?? []));
  }
}

function useLayers(): void {
  for (const { make, inputs: specs } of layerRows) {
    const x = drawInputs(specs, 1, 'f32');
    const layer = make();
    for (const mode of ['train', 'eval'] as const)
      differentiate(flattenTree(layer[mode]().run(...x), 'the result').tensors);
  }
}

const optimizers = Object.values(optim).flatMap((value): (new (options: object) => Optimizer)[] =>
  typeof value === 'function' && value.prototype instanceof Optimizer ? [value as never] : [],
);

function useOptimizers(): void {
  for (const Class of optimizers) {
    const w = new Parameter(ones([3]));
    const gradients = backward(mean(square(w)));
    for (const clipped of [clipByNorm(gradients, 0.1), clipByValue(gradients, 0.1)])
      new Class({ learningRate: 0.1 }).step(clipped);
  }
}

/** What the public ops, layers, losses, optimizers and transforms launch on f32; metrics launch nothing. */
function everyUse(): Use[] {
  manualSeed(1);
  return usesOf(() => {
    useOps();
    opRows.forEach(differentiateTwice);
    useLayers();
    for (const { case: row } of lossRows) differentiate(row.compute(...drawInputs(row.inputs, 1, 'f32')));
    useOptimizers();
    initialize([3, 4], { name: 'orthogonal' });
  });
}

describe.runIf('addon' in loaded)('on the native backend', () => {
  test('what computes is native, but for exceptions that say why not', () => {
    const native = new Set(
      ('addon' in loaded ? loaded.addon.kernels() : []).map(
        ({ name, buffers }) => `${name} ${buffers.map(({ dtype }) => dtype).join()}`,
      ),
    );
    const references = everyUse()
      .map(useName)
      .filter((name) => !native.has(name));
    expect(references.sort()).toEqual(Object.keys(exceptions).sort());
  });
});

test('every transform has a row', () => {
  const tested = new Set<unknown>(transformRows.map((transform) => transform.constructor));
  const missing = Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'function' && 'apply' in (value.prototype ?? {}) && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'transforms without a row in packages/conformance/test/transform-rows.ts').toEqual([]);
});

test('every optimizer is stepped', () => {
  const stepped = new Set(usesOf(useOptimizers).map(({ kernel }) => kernel));
  const missing = Object.entries(optim).flatMap(([name, value]) =>
    'kernel' in value && !stepped.has(value.kernel) ? [name] : [],
  );
  expect(missing).toEqual([]);
});
