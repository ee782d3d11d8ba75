import { expect, test } from 'vitest';
import { plotComparison } from '../src/index.js';
import { axisOf, marksOf, textsOf } from './svg.js';

const curves = { nn: [2, 1, 0.5, 0.25], PyTorch: [2, 1.25, 0.5, 0.2] };

test('two curves have title, axes, legend, and the largest difference', async () => {
  const svg = await plotComparison(curves, { title: 'LeNet-5', yTitle: 'loss (nats)' });
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['LeNet-5', 'largest difference 0.25, at step 2', 'step', 'loss (nats)', 'nn', 'PyTorch']),
  );
});

test('their points stand where the axes have them, in a colour each, the second in dashes', async () => {
  const svg = await plotComparison(curves);
  const [x, y] = [axisOf(svg, 'X'), axisOf(svg, 'Y')];
  const points = marksOf(svg, 'point');
  for (const [name, fill] of [
    ['nn', '#2563eb'],
    ['PyTorch', '#ea580c'],
  ] as const) {
    const own = points.filter(({ label }) => label.endsWith(`series: ${name}`));
    expect(own.map((mark) => mark.fill)).toEqual([fill, fill, fill, fill]);
    own.forEach(({ left, top }, i) => {
      expect(left).toBeCloseTo(x(i + 1), 6);
      expect(top).toBeCloseTo(y(curves[name][i]), 6);
    });
  }
  const dashes = [...svg.matchAll(/aria-roledescription="line mark"[^>]*stroke-dasharray="([^"]*)"/g)];
  expect(dashes.map(([, dash]) => dash)).toEqual(['1,0', '6,4']);
});

test('on a logarithmic axis, equal factors are equal distances', async () => {
  const svg = await plotComparison({ one: [8, 4, 2, 0], two: [1, 1, 1, 1] }, { logarithmic: true });
  const [a, b, c, ...gap] = marksOf(svg, 'point').filter(({ label }) => label.endsWith('one'));
  expect(b.top - a.top).toBeCloseTo(c.top - b.top, 6);
  expect(gap).toEqual([]);
});

test('three curves have no difference to tell; none are an error', async () => {
  const texts = textsOf(await plotComparison({ a: [1], b: [2], c: [3] }));
  expect(texts.some((text) => text.startsWith('largest'))).toBe(false);
  await expect(plotComparison({})).rejects.toThrow(/no curve with a number/);
  await expect(plotComparison({ a: [Number.NaN, null] })).rejects.toThrow(/no curve with a number/);
});
