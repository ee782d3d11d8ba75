import { Flatten, Linear, manualSeed, Sequential } from '@nn/nn';
import { expect, test, vi } from 'vitest';
import { testImages } from '../src/images.js';
import { score } from '../src/scores.js';

test('scores are of the first images, each of which is read once', async () => {
  manualSeed(1);
  const model = new Sequential([new Flatten(), new Linear({ outFeatures: 10 })], { input: [1, 28, 28] }).build();
  const { images, batches, labels } = await testImages(undefined, 1200);
  const reading = vi.spyOn(batches, 'asyncBatches');
  const scores = await score(model, { images, batches, labels });
  expect(reading).toHaveBeenCalledOnce();
  const expected = [...images.y.data.subarray(0, 1200)];
  expect(scores).toMatchObject({ images: 1200, labels: { dtype: 'i32', shape: [1200] } });
  expect([...scores.labels.data]).toEqual(expected);
  const right = expected.filter((digit, i) => scores.said[i] === digit).length;
  expect(scores.accuracy).toBeCloseTo(right / 1200, 12);
  expect(scores.confusion.flat().reduce((sum, count) => sum + count)).toBe(1200);
});
