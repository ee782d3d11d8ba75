import type { Tensors } from '@nn/data';
import type { Module } from '@nn/layers';
import { enterEvaluation } from '@nn/layers';
import { allocate, formatShape, noGrad, ShapeError, sameShape, Tensor, tensor } from '@nn/tensor';
import { type BatchSource, batchesOf, checkSource, inputsOf } from './batches.js';
import { checkModel } from './check-model.js';
import { Breather, Pacer } from './pace.js';

/**
 * What a model gives for `data`: a batch x (a tensor, or tensors by the names of a graph's inputs), or a DataLoader, whose
 * results are joined along the batch dimension. In evaluation mode, without gradients; modes are as before afterwards.
 * Errors: data of another kind; no batches; results that cannot be joined.
 */
export async function predict<Out>(model: Module<object, never, Out>, data: Tensors | BatchSource): Promise<Out> {
  checkModel('predict', model);
  const plain = (x: Tensor[]) => noGrad(() => detached(model.run(...(x as never)) as Tensors));
  if (!isTensors(data)) checkSource('predict', 'data', data);
  const leave = enterEvaluation(model as never);
  try {
    if (isTensors(data)) return plain(inputsOf(model, data)) as Out;
    const step = new Pacer(plain, { captured: true });
    const breather = new Breather();
    const results: Tensors[] = [];
    for await (const { x } of batchesOf(data, {})) {
      results.push(await step.run(inputsOf(model, x)));
      await breather.breathe();
    }
    return joined(results) as Out;
  } finally {
    leave();
  }
}

const isTensors = (data: Tensors | BatchSource): data is Tensors =>
  data instanceof Tensor ||
  (Object.getPrototypeOf(data ?? []) === Object.prototype &&
    Object.values(data).every((value) => value instanceof Tensor));

const mapped = (outputs: Tensors, change: (output: Tensor) => Tensor): Tensors =>
  outputs instanceof Tensor
    ? change(outputs)
    : Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, change(output)]));

const detached = (outputs: Tensors) => mapped(outputs, (output) => output.detach());

/** Results of several batches as one, by output. */
function joined(results: readonly Tensors[]): Tensors {
  const [first] = results;
  if (!first)
    throw new RangeError(
      'There is nothing to predict: the data gave no batches; is it a generator that was gone through before?',
    );
  if (first instanceof Tensor) return joinRows(results as readonly Tensor[]);
  const byName = results as readonly Readonly<Record<string, Tensor>>[];
  return Object.fromEntries(Object.keys(first).map((name) => [name, joinRows(byName.map((result) => result[name]))]));
}

function joinRows(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape }] = parts;
  const rest = shape.slice(1);
  for (const part of parts) {
    if (sameShape(part.shape.slice(1), rest)) continue;
    throw new ShapeError(
      `predict cannot join ${formatShape(part.shape)} to ${formatShape(shape)}: but for the first, sizes must be equal; ` +
        'predict the batches one by one.',
    );
  }
  const data = allocate(
    dtype,
    parts.reduce((size, part) => size + part.size, 0),
  );
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.size;
  }
  return tensor(data, { shape: [parts.reduce((rows, part) => rows + part.shape[0], 0), ...rest] });
}
