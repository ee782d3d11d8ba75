import * as layers from '@nn/layers';
import { layerSuite } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';
import { layerRows } from './layer-rows.js';

for (const row of layerRows)
  describe(row.name, () => {
    for (const { name, run } of layerSuite(row, backends)) test(name, run);
  });

const isLayer = (value: unknown): value is abstract new () => layers.AnyModule =>
  typeof value === 'function' && value.prototype instanceof layers.Module;

test('every layer has a row', () => {
  const tested = new Set<unknown>(layerRows.map(({ make }) => make().constructor));
  const missing = Object.entries(layers).flatMap(([name, value]) =>
    isLayer(value) && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'layers without a row in packages/conformance/test/layer-rows.ts').toEqual([]);
});

test('every layer is known by the name under which it is exported', () => {
  for (const [name, value] of Object.entries(layers)) if (isLayer(value)) expect(Reflect.get(value, 'kind')).toBe(name);
});

/** Layers whose options are not plain: what they are made of is checked by their own tests. */
const composite = new Set(['Graph', 'Lambda', 'Sequential']);

for (const { make } of layerRows) {
  const { kind, options, constructor: type } = make();
  if (composite.has(kind)) continue;
  test(`${kind} refuses options that it does not know, and says which it has`, () => {
    const remake = (more: object) => () => Reflect.construct(type, [{ ...options, ...more }]);
    expect(remake({})).not.toThrow();
    expect(remake({ nonsense: 1 })).toThrow(/no option "nonsense"; it has/);
    expect(remake({ activation: 'relu' })).toThrow(/put it after the layer/);
  });
}
