import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDigit } from '../src/digit-image.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'digit-image-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Writes a PNG whose pixel at (x, y) is `colour(x, y)`, [red, green, blue, alpha]. */
function write(name: string, size: number, colour: (x: number, y: number) => readonly number[], options = {}): string {
  const png = new PNG({ width: size, height: size });
  for (let i = 0; i < size * size; i++) png.data.set(colour(i % size, Math.floor(i / size)), 4 * i);
  const path = join(directory, name);
  writeFileSync(path, PNG.sync.write(png, options));
  return path;
}

const stroke = (x: number, y: number) => x === 14 && y > 4 && y < 24;
const grey = (value: number, alpha = 255) => [value, value, value, alpha];

test('reads light on dark as it is', async () => {
  const path = write('light.png', 28, (x, y) => grey(stroke(x, y) ? 200 : 0));
  const { pixels, inverted } = await readDigit(path);
  expect(inverted).toBe(false);
  expect([pixels[0], pixels[10 * 28 + 14], pixels[10 * 28 + 15]]).toEqual([0, 200, 0]);
});

test('reads greyscale files, which hold one number a pixel', async () => {
  const path = write('grey.png', 28, (x, y) => grey(stroke(x, y) ? 200 : 0), { colorType: 0 });
  expect((await readDigit(path)).pixels[10 * 28 + 14]).toBe(200);
});

test('inverts dark on light', async () => {
  const path = write('dark.png', 28, (x, y) => grey(stroke(x, y) ? 55 : 255));
  const { pixels, inverted } = await readDigit(path);
  expect(inverted).toBe(true);
  expect([pixels[0], pixels[10 * 28 + 14]]).toEqual([0, 200]);
});

test('counts transparent pixels as white, and colours by their brightness', async () => {
  const path = write('ink.png', 28, (x, y) => (stroke(x, y) ? [0, 0, 255, 255] : [0, 0, 0, 0]));
  const { pixels, inverted } = await readDigit(path);
  expect(inverted).toBe(true);
  expect([pixels[0], pixels[10 * 28 + 14]]).toEqual([0, 255 - Math.round(0.114 * 255)]);
});

test.each([
  ['a file that does not exist', () => join(directory, 'none.png'), /none\.png does not exist; give the path/],
  ['a directory', () => directory, /is a directory; give the path of a PNG image/],
  ['another size', () => write('wide.png', 32, () => grey(0)), /wide\.png is 32×32 pixels; a digit must be 28×28/],
  ['one colour', () => write('blank.png', 28, () => grey(7)), /blank\.png shows no digit/],
  ['another format', () => save('photo.jpg', Buffer.from([0xff, 0xd8, 0xff])), /photo\.jpg is no PNG image; convert/],
  ['an empty file', () => save('empty.png', Buffer.alloc(0)), /empty\.png is no PNG image/],
  [
    'a file that ends in its header',
    () => save('head.png', header.subarray(0, 20)),
    /head\.png is a damaged PNG image/,
  ],
  ['a truncated file', truncated, /cut\.png is a damaged PNG image \(.+\); make it anew/],
])('refuses %s', async (_, make, message) => {
  await expect(readDigit(make())).rejects.toThrow(message);
  await expect(readDigit(make())).rejects.toMatchObject({ name: 'Failure' });
});

const header = PNG.sync.write(new PNG({ width: 28, height: 28 }));

function save(name: string, bytes: Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

function truncated(): string {
  const png = new PNG({ width: 28, height: 28 });
  for (let i = 0; i < png.data.length; i++) png.data[i] = (i * 2654435761) >>> 24;
  const bytes = PNG.sync.write(png);
  return save('cut.png', bytes.subarray(0, bytes.length >> 1));
}
