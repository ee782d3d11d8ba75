import { Linear, ReLU, Sequential } from '@nn/layers';
import { tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { plotWeights } from '../src/index.js';
import { axisOf, marksOf, textsOf } from './svg.js';

const model = () => {
  const made = new Sequential([new Linear({ outFeatures: 2 })], { input: [4] });
  made.parameters()[0].assign(
    tensor([
      [-1, -0.9, 0.1, 1],
      [0.2, 0.3, 0.9, 0.95],
    ]),
  );
  made.parameters()[1].assign(tensor([0.5, Number.POSITIVE_INFINITY]));
  return made;
};

test('a histogram a parameter: title, axes, mean and deviation, and what is not finite', async () => {
  const texts = textsOf(await plotWeights(model(), { title: 'After training' }));
  expect(texts.filter((text) => text === 'weight')).toHaveLength(2);
  expect(texts.filter((text) => text === 'number of weights')).toHaveLength(2);
  const mean = (-1 - 0.9 + 0.1 + 1 + 0.2 + 0.3 + 0.9 + 0.95) / 8;
  expect(texts).toEqual(
    expect.arrayContaining([
      'After training',
      '0.weight [2, 4]',
      expect.stringMatching(new RegExp(`^mean ${mean.toPrecision(3)}, standard deviation 0\\.7\\d\\d$`)),
      '0.bias [2]',
      'mean 0.500, standard deviation 0.00, 1 not finite',
    ]),
  );
});

test('bars are as high as there are weights between their ends', async () => {
  const svg = await plotWeights(model(), { bins: 4 });
  const [x, y] = [axisOf(svg, 'X'), axisOf(svg, 'Y')];
  const bars = marksOf(svg, 'bar').slice(0, 4);
  [2, 0, 3, 3].forEach((count, i) => {
    expect(Math.abs(bars[i].left - x(-1 + i / 2))).toBeLessThan(0.6);
    expect(Math.abs(bars[i].right - x(-0.5 + i / 2))).toBeLessThan(0.6);
    expect(bars[i].top).toBeCloseTo(y(count), 0);
    expect(bars[i].bottom).toBeCloseTo(y(0), 0);
  });
  expect(marksOf(svg, 'bar')).toHaveLength(5);
});

test('a model without weights, and no bins, are errors', async () => {
  await expect(plotWeights(new Sequential([new ReLU()], { input: [2] }))).rejects.toThrow(/no parameters/);
  await expect(plotWeights(model(), { bins: 0 })).rejects.toThrow(/bins is a whole number from 1/);
});
