import { describe, expect, it } from 'vitest';
import { DataError, parseIdx } from '../src/index.js';
import { idxFile } from './idx-file.js';

describe('parseIdx', () => {
  it.each([
    ['unsigned bytes', 8, 'u8', [0, 1, 127, 128, 254, 255]],
    ['signed bytes', 9, 'i32', [0, 1, 127, -128, -1, 5]],
    ['16-bit integers', 11, 'i32', [0, 1, 256, 32767, -32768, -2]],
    ['32-bit integers', 12, 'i32', [0, 1, 65536, 2 ** 31 - 1, -(2 ** 31), -2]],
    ['32-bit floats', 13, 'f32', [0, 0.5, -1.25, 1024, -Infinity, 3]],
    ['64-bit floats', 14, 'f64', [0, 0.1, -1e300, 1 / 3, Infinity, 3]],
  ])('reads %s', (_, code, dtype, numbers) => {
    const x = parseIdx(idxFile(code, [2, 3], numbers));
    expect([x.dtype, x.shape, Array.from(x.data)]).toEqual([dtype, [2, 3], numbers]);
  });

  it('reads a part of a larger buffer without copying bytes', () => {
    const file = idxFile(8, [3], [7, 8, 9]);
    const larger = new Uint8Array(file.length + 5);
    larger.set(file, 5);
    const x = parseIdx(larger.subarray(5));
    expect(Array.from(x.data)).toEqual([7, 8, 9]);
    expect(x.data.buffer).toBe(larger.buffer);
  });

  it('reads no numbers, and many dimensions', () => {
    expect(parseIdx(idxFile(8, [0, 28, 28], [])).shape).toEqual([0, 28, 28]);
    expect(parseIdx(idxFile(12, [1, 2, 1, 2, 1], [1, 2, 3, 4])).shape).toEqual([1, 2, 1, 2, 1]);
  });

  const whole = idxFile(8, [2, 3], [1, 2, 3, 4, 5, 6]);
  const withByte = (position: number, value: number) => whole.with(position, value);
  it.each([
    ['an empty file', new Uint8Array(), /^digits is no IDX file: its magic number is missing.*original\.$/],
    ['a text file', new TextEncoder().encode('<!doctype html>'), /no IDX file: its magic number is 3c 21 64 6f/],
    ['an unknown type', withByte(2, 10), /no IDX file: its magic number is 00 00 0a 02/],
    ['a header cut short', whole.subarray(0, 9), /^digits is cut short: it has 9 bytes of a header of 12.*original/],
    ['numbers cut short', whole.subarray(0, 17), /^digits is cut short: it has 17 bytes of 18, for \[2, 3\]/],
    ['sizes larger than the file', withByte(4, 255), /is cut short: it has 18 bytes of \d+, for \[4278190082, 3\]/],
    [
      'bytes after the end',
      new Uint8Array([...whole, 0, 0]),
      /^digits is too long: it has 2 bytes more .*\[2, 3\], 18 b/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, { name: 'digits' })).toThrow(message);
    expect(() => parseIdx(bytes, { name: 'digits' })).toThrow(DataError);
  });
});
