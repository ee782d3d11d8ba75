import { expect, test } from 'vitest';
import { needsSystemFonts } from '../src/fonts.js';
import { plotConfusionMatrix } from '../src/index.js';
import { toPicture } from '../src/picture.js';
import { sizeOfPng } from './svg.js';

const page = (text: string, family = 'DejaVu Sans') =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><rect width="200" height="50" fill="white"/>` +
  `<text x="5" y="30" font-family="${family}" font-size="16">${text}</text></svg>`;

const blank = toPicture(page(''), { format: 'png' });
const differs = async (svg: string) => Buffer.compare(await toPicture(svg, { format: 'png' }), await blank) !== 0;

test.each(['accuracy 99 %', '[1, 28] → [10]', 'größer ≤ 5 × α', 'потеря'])('%s is there in a PNG', async (text) => {
  expect(needsSystemFonts(page(text))).toBe(false);
  expect(await differs(page(text))).toBe(true);
});

test('text in a font that no machine has is there too', async () => {
  expect(await differs(page('loss', 'No Such Font'))).toBe(true);
  expect(await differs(page('loss', 'sans-serif'))).toBe(true);
});

test('bold text has a face of its own', async () => {
  const bold = page('loss').replace('<text', '<text font-weight="bold"');
  expect(
    Buffer.compare(await toPicture(bold, { format: 'png' }), await toPicture(page('loss'), { format: 'png' })),
  ).not.toBe(0);
});

test('only letters that the shipped font lacks ask for the fonts of the system', () => {
  expect(needsSystemFonts('损失')).toBe(true);
  expect(needsSystemFonts('日本')).toBe(true);
});

test('the scale of a PNG is twice the SVG unless said', async () => {
  expect(sizeOfPng(await toPicture(page(''), { format: 'png' }))).toEqual([400, 100]);
  expect(sizeOfPng(await toPicture(page(''), { format: 'png', scale: 0.5 }))).toEqual([100, 25]);
});

test('a chart as PNG shows its title', async () => {
  const one = await plotConfusionMatrix([[1]], { format: 'png', title: 'First' });
  const other = await plotConfusionMatrix([[1]], { format: 'png', title: 'Other' });
  expect(sizeOfPng(one)).toEqual(sizeOfPng(other));
  expect(Buffer.compare(one, other)).not.toBe(0);
});

test('SVG names fonts to fall back on', async () => {
  expect(await plotConfusionMatrix([[1]])).toContain('font-family="DejaVu Sans, Verdana, sans-serif"');
});
