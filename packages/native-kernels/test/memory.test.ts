import { bytesOf, type Data, type DType } from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { allocatorOf } from '../src/memory.js';
import { addon, native } from './native.js';

const dtypes: readonly DType[] = ['f32', 'f64', 'i32', 'u8'];
const lengths = [0, 1, 3, 16, 17, 100, 255, 256, 257, 1024, 1025, 5000];

describe.runIf(addon)('the memory of native tensors', () => {
  test('arrays have the length asked for and share no byte', () => {
    const allocate = allocatorOf(native());
    const arrays: Data[] = [];
    for (let round = 0; round < 20; round++)
      for (const dtype of dtypes)
        for (const length of lengths) {
          const array = allocate(dtype, length);
          expect([array.length, array.BYTES_PER_ELEMENT]).toEqual([length, bytesOf(dtype)]);
          arrays.push(array.fill(arrays.length % 251));
        }
    arrays.forEach((array, i) => {
      expect(array.every((value) => value === i % 251)).toBe(true);
    });
  });

  test('large arrays begin on a cache line', () => {
    const allocate = allocatorOf(native());
    for (const dtype of dtypes)
      for (const length of [1100, 5000, 100_000]) expect(native().misalignment(allocate(dtype, length))).toBe(0);
  });

  test('small arrays do not lose their memory to another thread', () => {
    const allocate = allocatorOf(native());
    const [sent, other] = [allocate('f32', 4).fill(1), allocate('f32', 4).fill(2)];
    try {
      structuredClone(sent, { transfer: [sent.buffer as ArrayBuffer] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect([...sent, ...other]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });
});
