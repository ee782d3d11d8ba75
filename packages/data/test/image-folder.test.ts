import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../src/index.js';
import { imageFolder } from '../src/node/index.js';

type Colour = readonly [red: number, green: number, blue: number];
const red: Colour = [255, 0, 0];
const blue: Colour = [0, 0, 255];

const rgba = (width: number, height: number, colourOf: (i: number) => Colour) =>
  Buffer.from(Array.from({ length: width * height }, (_, i) => [...colourOf(i), 255]).flat());

function png(width: number, height: number, colourOf: (i: number) => Colour, options = {}): Buffer {
  const image = new PNG({ width, height });
  image.data = rgba(width, height, colourOf);
  return PNG.sync.write(image, options);
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const put = (name: string, bytes: Uint8Array) => {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), bytes);
};

describe('imageFolder', () => {
  it('labels images by their folders, in alphabetical order', async () => {
    put(
      'dog/b.png',
      png(2, 1, (i) => [red, blue][i]),
    );
    put(
      'cat/deep/z.PNG',
      png(2, 1, () => [1, 2, 3]),
    );
    put(
      'cat/a.jpg',
      png(2, 1, () => [10, 20, 30]),
    );
    put('.cache/x.png', Buffer.from('hidden'));
    put('cat/.DS_Store', Buffer.from('hidden'));
    const { dataset, classes, paths } = await imageFolder(directory);
    expect(classes).toEqual(['cat', 'dog']);
    expect(paths).toEqual(['cat/a.jpg', 'cat/deep/z.PNG', 'dog/b.png'].map((name) => join(directory, name)));
    expect([dataset.x.shape, dataset.x.dtype, dataset.y.toArray()]).toEqual([[3, 3, 1, 2], 'u8', [0, 0, 1]]);
    expect(Array.from(dataset.x.data)).toEqual([10, 10, 20, 20, 30, 30, 1, 1, 2, 2, 3, 3, 255, 0, 0, 0, 0, 255]);
    expect(dataset.get(2).x.toArray()).toEqual([[[1, 0]], [[0, 0]], [[0, 1]]]);
  });

  it('makes colours grey, and brings images to one size', async () => {
    put(
      'a/1.png',
      png(2, 2, (i) => [red, blue, blue, red][i]),
    );
    put(
      'a/2.png',
      png(1, 1, () => [0, 255, 0]),
    );
    const { dataset } = await imageFolder(directory, { channels: 1, size: [1, 2] });
    const grey = (0.299 * 255 + 0.114 * 255) / 2;
    expect(dataset.x.shape).toEqual([2, 1, 1, 2]);
    expect(Array.from(dataset.x.data)).toEqual([Math.round(grey), Math.round(grey), 150, 150]);
  });

  it('reads JPEG', async () => {
    const picture = { width: 16, height: 16, data: rgba(16, 16, () => [200, 100, 50]) };
    put('a/1.jpeg', jpeg.encode(picture, 95).data);
    const { dataset } = await imageFolder(directory, { size: 1 });
    dataset.x.data.forEach((value, channel) => {
      expect(Math.abs(value - [200, 100, 50][channel])).toBeLessThan(3);
    });
  });

  it('reads PNG of grey and of 16 bits', async () => {
    put(
      'a/1.png',
      png(1, 1, () => [77, 77, 77], { colorType: 0 }),
    );
    put(
      'a/2.png',
      png(1, 1, () => [1, 2, 3], { colorType: 6, bitDepth: 8 }),
    );
    const { dataset } = await imageFolder(directory);
    expect(Array.from(dataset.x.data)).toEqual([77, 77, 77, 1, 2, 3]);
  });

  it('gives a test folder the labels of the training folder', async () => {
    put(
      'b/1.png',
      png(1, 1, () => red),
    );
    put(
      'c/1.png',
      png(1, 1, () => red),
    );
    const { dataset } = await imageFolder(directory, { classes: ['c', 'b'] });
    expect(dataset.y.toArray()).toEqual([1, 0]);
    await expect(imageFolder(directory, { classes: ['b'] })).rejects.toThrow(`${join(directory, 'c')} is none of the`);
    await expect(imageFolder(directory, { classes: ['b', 'c', 'd'] })).rejects.toThrow(
      `${join(directory, 'd')} has no image`,
    );
  });

  it('every damaged file is named at once, and none is left out in silence', async () => {
    const whole = png(8, 8, (i) => [i, 0, 0]);
    put('a/good.png', whole);
    put('a/cut.png', whole.subarray(0, whole.length - 30));
    put('a/changed.png', Buffer.concat([whole.subarray(0, 45), Buffer.of(whole[45] ^ 1), whole.subarray(46)]));
    const photo = jpeg.encode({ width: 16, height: 16, data: rgba(16, 16, () => red) }, 90).data;
    put('a/cut.jpg', photo.subarray(0, 100));
    put('a/half.jpg', photo.subarray(0, photo.length - 40));
    put('a/notes.txt', Buffer.from('what I saw'));
    put('a/empty.png', Buffer.alloc(0));
    put('stray.png', whole);
    const error = await imageFolder(directory).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    const { message } = error as DataError;
    for (const [name, fault] of [
      ['a/cut.png', 'is a damaged PNG image'],
      ['a/changed.png', 'is a damaged PNG image'],
      ['a/cut.jpg', 'is a damaged JPEG image'],
      ['a/half.jpg', 'is a damaged JPEG image'],
      ['a/notes.txt', 'is neither a PNG nor a JPEG image'],
      ['a/empty.png', 'is neither a PNG nor a JPEG image'],
      ['stray.png', 'lies in the folder of no class'],
    ])
      expect(message).toContain(`${join(directory, name)} ${fault}`);
    expect(message).not.toContain('good.png');
    expect(message).toContain(`${directory} cannot be used as it is; correct these or take them out:`);
  });

  it('refuses sizes that differ, and folders without images', async () => {
    await expect(imageFolder(directory)).rejects.toThrow(`${directory} has no folders; put the images of each class`);
    await expect(imageFolder(join(directory, 'no'))).rejects.toThrow('cannot be read (ENOENT');
    put(
      'a/1.png',
      png(2, 3, () => red),
    );
    put(
      'a/2.png',
      png(3, 2, () => red),
    );
    await expect(imageFolder(directory)).rejects.toThrow(
      `${join(directory, 'a/2.png')} is 2 × 3, but ${join(directory, 'a/1.png')} is 3 × 2: give a size`,
    );
    mkdirSync(join(directory, 'b'));
    await expect(imageFolder(directory, { size: 2 })).rejects.toThrow(`${join(directory, 'b')} has no image`);
  });

  it('refuses options of no sense', async () => {
    await expect(imageFolder(directory, { channels: 4 as 3 })).rejects.toThrow('channels is 1 or 3, not 4');
    await expect(imageFolder(directory, { size: 0 })).rejects.toThrow('size is a whole number from 1');
    await expect(imageFolder(directory, { grey: true } as object)).rejects.toThrow('no option "grey"');
  });
});
