import { Lambda, Linear, Sequential } from '@nn/layers';
import { argmax, type Tensor, tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { mix } from '../src/colours.js';
import { plotDecisionBoundary } from '../src/index.js';
import { themeOf } from '../src/theme.js';
import { axisOf, marksOf, textsOf } from './svg.js';

const x = tensor([
  [0, 0],
  [4, 1],
  [1, 3],
  [3, 2],
]);
const y = tensor(Int32Array.of(0, 1, 0, 0));

/** Says class 1 where the first feature is larger than the second. */
const larger = () => {
  const model = new Sequential([new Linear({ outFeatures: 2 })], { input: [2] });
  model.parameters()[0].assign(
    tensor([
      [0, 1],
      [1, 0],
    ]),
  );
  model.parameters()[1].assign(tensor([0, 0]));
  return model;
};

const places = [0.1, 0.35, 0.62, 0.93];

test('regions have the colour of what the model says there', async () => {
  const svg = await plotDecisionBoundary(larger(), { x, y }, { theme: 'dark', resolution: 40 });
  const [atX, atY] = [axisOf(svg, 'X'), axisOf(svg, 'Y')];
  const regions = marksOf(svg, 'rect mark');
  const { background, series } = themeOf('dark');
  for (const right of places) {
    for (const up of places) {
      const [x0, x1] = [4 * right, 3 * up];
      if (Math.abs(x0 - x1) < 0.1) continue;
      const [px, py] = [atX(x0), atY(x1)];
      const top = regions.findLast((r) => r.left <= px && px <= r.right && r.top <= py && py <= r.bottom);
      expect(top?.fill, `${x0}, ${x1}`).toBe(mix(background, series[x0 > x1 ? 1 : 0], 0.3));
    }
  }
  const [left, bottom] = [Math.min(...regions.map((r) => r.left)), Math.max(...regions.map((r) => r.bottom))];
  expect([left, bottom]).toEqual([0, 380]);
});

test('samples stand where their features are, in the colour of their class; how many are right is told', async () => {
  const svg = await plotDecisionBoundary(
    larger(),
    { x, y },
    { title: 'Larger', labels: ['small', 'large'], resolution: 20 },
  );
  const [atX, atY] = [axisOf(svg, 'X'), axisOf(svg, 'Y')];
  const points = marksOf(svg, 'point');
  expect(points.map(({ fill }) => fill)).toEqual(['#2563eb', '#ea580c', '#2563eb', '#2563eb']);
  points.forEach(({ left, top }, i) => {
    expect(left).toBeCloseTo(atX(x.data[2 * i]), 6);
    expect(top).toBeCloseTo(atY(x.data[2 * i + 1]), 6);
  });
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining([
      'Larger',
      '3 of 4 samples right',
      'feature 0',
      'feature 1',
      'true class',
      'small',
      'large',
    ]),
  );
});

test('a model of one output says class 1 from the threshold on', async () => {
  const model = new Sequential([new Linear({ outFeatures: 1, bias: false })], { input: [2] });
  model.parameters()[0].assign(tensor([[1, 0]]));
  const told = async (threshold?: number) =>
    textsOf(await plotDecisionBoundary(model, { x, y }, { threshold, resolution: 8 })).find((text) =>
      / right$/.test(text),
    );
  expect(await told()).toBe('2 of 4 samples right');
  expect(await told(3.5)).toBe('4 of 4 samples right');
});

test('what cannot be drawn is an error', async () => {
  const model = larger();
  await expect(plotDecisionBoundary(model, { x: tensor([[1, 2, 3]]), y })).rejects.toThrow(/only two features/);
  await expect(plotDecisionBoundary(model, { x, y: tensor([0, 1, 0.5, 0]) })).rejects.toThrow(
    /whole numbers from 0, not 0.5/,
  );
  await expect(plotDecisionBoundary(model, { x, y }, { labels: ['one'] })).rejects.toThrow(/1 labels for 2 classes/);
  await expect(plotDecisionBoundary(model, { x, y }, { resolution: 1 })).rejects.toThrow(/resolution/);
  const decided = new Sequential([new Lambda({ function: (input: Tensor) => argmax(input) })], { input: [2] });
  await expect(plotDecisionBoundary(decided, { x, y })).rejects.toThrow(/must give one tensor \[batch, classes\]/);
});
