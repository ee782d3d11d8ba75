import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, save } from '@nn/io';
import * as layers from '@nn/layers';
import { flattenTree, relu, type Tensor, tanh } from '@nn/tensor';
import { drawInputs } from '@nn/testing';
import { drawing } from '@nn/viz';
import { afterAll, describe, expect, test } from 'vitest';
import { layerRows } from './layer-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'nn-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The row's layer, built on its inputs, and its inputs. */
function built({ make, inputs: specs }: (typeof layerRows)[number]) {
  const inputs = drawInputs(specs, 3, 'f32');
  const model = make().build(...inputs.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype })));
  return { model: model.eval(), inputs };
}

const outputs = (model: layers.AnyModule, inputs: readonly Tensor[]) =>
  flattenTree(model.run(...inputs), 'the result').tensors.map(({ shape, data }) => ({ shape, data }));

/** `kernelSize` → `kernel size`, as drawings have it. */
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

describe.each(layerRows)('$name', (row) => {
  test('is the same after it was saved and loaded', async () => {
    const { model, inputs } = built(row);
    await save(join(folder, 'layer.h5'), model);
    const loaded = await loadModel(join(folder, 'layer.h5'), { ...layers, relu, tanh });
    expect(layers.toTopology(loaded)).toEqual(layers.toTopology(model));
    expect(outputs(loaded, inputs)).toEqual(outputs(model, inputs));
  });

  test('has its box in a drawing, with its options', async () => {
    const { model } = built(row);
    const dot = await drawing(model, { format: 'dot' });
    expect(dot).toContain(model.kind);
    const plain = Object.entries(model.options).filter(([, value]) => JSON.stringify(value)?.match(/^["\d-]/));
    for (const [name, value] of plain) expect(dot).toContain(`${words(name)} ${value}`);
  });
});
