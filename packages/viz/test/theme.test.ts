import { Linear, Sequential } from '@nn/layers';
import { explain, ones, Parameter, square, sum, tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { type Colour, channelsOf, mix } from '../src/colours.js';
import {
  drawing,
  imageGrid,
  plotComparison,
  plotConfusionMatrix,
  plotDecisionBoundary,
  plotFilters,
  plotWeights,
  type ThemeName,
} from '../src/index.js';
import { themeOf } from '../src/theme.js';

/** Source: WCAG 2.2, "contrast ratio" and "relative luminance". */
function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [r, g, b] = channelsOf(colour).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const names: ThemeName[] = ['light', 'dark'];

test.each(names)('text is legible wherever it stands, and curves against the page: %s', (name) => {
  const { background, ink, muted, series, roles, hot, amounts } = themeOf(name);
  const behindInk = [
    background,
    ...Object.values(roles),
    hot,
    mix(roles.layer, hot, 0.5),
    amounts[0],
    mix(...amounts, 0.5),
  ];
  for (const fill of behindInk) expect(contrast(ink, fill), fill).toBeGreaterThan(4.5);
  expect(contrast(muted, background)).toBeGreaterThan(4.5);
  expect(contrast('#ffffff', amounts[1])).toBeGreaterThan(3.5);
  for (const colour of series) expect(contrast(colour, background), colour).toBeGreaterThan(2.9);
  expect(new Set(series).size).toBe(series.length);
});

const model = new Sequential([new Linear({ outFeatures: 2 })], { input: [2] });
const points = {
  x: tensor([
    [0, 1],
    [1, 0],
  ]),
  y: tensor(Int32Array.of(0, 1)),
};
const image = { image: ones([2, 2]), caption: 'white' };
const pictures: [string, (theme: ThemeName) => Promise<string>][] = [
  ['network', (theme) => drawing(model, { theme })],
  ['explanation', (theme) => drawing(explain(sum(square(new Parameter(tensor([1]))))), { theme })],
  ['curves', (theme) => plotComparison({ one: [1, 2] }, { theme })],
  ['matrix', (theme) => plotConfusionMatrix([[1]], { theme })],
  ['boundary', (theme) => plotDecisionBoundary(model, points, { theme, resolution: 4 })],
  ['weights', (theme) => plotWeights(model, { theme })],
  ['filters', (theme) => plotFilters(ones([1, 1, 2, 2]), { theme })],
  ['images', (theme) => imageGrid([image], { theme })],
];

test.each(pictures)('%s: the page and the words on it have the colours of the theme', async (_, draw) => {
  const [light, dark] = [await draw('light'), await draw('dark')];
  for (const [svg, name, other] of [
    [light, 'light', 'dark'],
    [dark, 'dark', 'light'],
  ] as const) {
    const page = svg.match(/<(?:rect|polygon)[^>]*fill="([^"]+)"/)?.[1];
    expect(['white', '#ffffff'].includes(page ?? '') ? '#ffffff' : page).toBe(themeOf(name).background);
    expect(svg).toContain(`fill="${themeOf(name).ink}"`);
    expect(svg).not.toMatch(new RegExp(`<text[^>]*fill="(${themeOf(other).ink}|black)"`));
  }
});

test('themes, formats and options that there are not are refused', async () => {
  await expect(plotWeights(model, { theme: 'sepia' as ThemeName })).rejects.toThrow(
    /no theme "sepia"; there are light and dark/,
  );
  await expect(plotWeights(model, { format: 'jpeg' as 'svg' })).rejects.toThrow(
    /plotWeights writes svg, png, not "jpeg"/,
  );
  await expect(plotWeights(model, { bin: 3 } as object)).rejects.toThrow(/no option "bin"; it has title, bins, format/);
  await expect(drawing(model, { colour: 'red' } as object)).rejects.toThrow(/no option "colour"/);
});
