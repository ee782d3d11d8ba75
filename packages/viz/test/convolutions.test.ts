import { Conv2d, Dropout, Flatten, Linear, ReLU, Sequential } from '@nn/layers';
import { ones, tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { plotFeatureMaps, plotFilters } from '../src/index.js';
import { type ThemeName, themeOf } from '../src/theme.js';
import { imagesOf, textsOf } from './svg.js';

const names: ThemeName[] = ['light', 'dark'];

test.each(names)('filters: weights as signed colours on one scale, %s', async (theme) => {
  const [low, zero, high] = themeOf(theme).signed;
  const weight = tensor([[[[0, -2]]], [[[2, 0]]]]);
  const svg = await plotFilters(weight, { theme });
  expect(imagesOf(svg)).toEqual([
    { width: 2, height: 1, pixels: [zero, low] },
    { width: 2, height: 1, pixels: [high, zero] },
  ]);
  expect(textsOf(svg)).toEqual(['Filters', '[2, 1, 1, 2]', 'filter 0', 'filter 1', 'weight', '-2', '0', '2']);
});

test('filters of several channels stand a row each; what is left out is told', async () => {
  const svg = await plotFilters(ones([5, 4, 3, 3]), { filters: 2, channels: 3 });
  const captions = textsOf(svg).slice(2, -4);
  expect(textsOf(svg)[1]).toBe('[5, 4, 3, 3], the first 2 of 5 filters, the first 3 of 4 input channels');
  expect(captions.slice(0, 4)).toEqual(['filter 0', 'channel 0', 'filter 0', 'channel 1']);
  const tops = [...svg.matchAll(/<image x="([\d.]+)" y="([\d.]+)"/g)].map(([, , y]) => y);
  expect(new Set(tops).size).toBe(2);
  expect(imagesOf(svg)).toHaveLength(6);
  await expect(plotFilters(ones([3, 3]))).rejects.toThrow(
    /must be \[out, in, kH, kW\] or \[out, in, k\], not \[3, 3\]/,
  );
});

test('filters of sequences are lines', async () => {
  const [first] = imagesOf(await plotFilters(ones([2, 1, 5])));
  expect([first.width, first.height]).toEqual([5, 1]);
});

test('feature maps: what the layer gives in evaluation mode, for the sample asked for', async () => {
  const convolution = new Conv2d({ outChannels: 2, kernelSize: 1, bias: false });
  const model = new Sequential(
    [new Dropout({ dropProbability: 0.9 }), convolution, new ReLU(), new Flatten(), new Linear({ outFeatures: 3 })],
    { input: [1, 2, 2] },
  );
  model.build();
  convolution.weight.assign(tensor([[[[1]]], [[[-1]]]]));
  const x = tensor(Float32Array.of(9, 9, 9, 9, 0, 1, 1, 0), { shape: [2, 1, 2, 2] });
  const [low, zero, high] = themeOf('light').signed;
  const svg = await plotFeatureMaps(model, x, { layer: '1', sample: 1 });
  expect(imagesOf(svg).map(({ pixels }) => pixels)).toEqual([
    [zero, high, high, zero],
    [zero, low, low, zero],
  ]);
  expect(textsOf(svg)).toEqual([
    ...['Feature maps of layer "1"', '[2, 2, 2]', 'channel 0', 'channel 1', 'activation', '-1', '0', '1'],
  ]);
  const after = await plotFeatureMaps(model, x, { layer: '2', sample: 1, channels: 1 });
  expect(textsOf(after)[1]).toBe('[2, 2, 2], the first 1 of 2 channels');
  expect(model.training).toBe(true);
});

test('feature maps of what is not there are an error', async () => {
  const model = new Sequential([new Conv2d({ outChannels: 2, kernelSize: 1 }), new Flatten()], { input: [1, 2, 2] });
  const x = ones([1, 1, 2, 2]);
  await expect(plotFeatureMaps(model, x, { layer: '7' })).rejects.toThrow(/no layer "7"; it has 0, 1/);
  await expect(plotFeatureMaps(model, x, { layer: '1' })).rejects.toThrow(/gives \[1, 8\].*name a convolution/s);
  await expect(plotFeatureMaps(model, x, { layer: '0', sample: 1 })).rejects.toThrow(/no sample 1 in a batch of 1/);
});
