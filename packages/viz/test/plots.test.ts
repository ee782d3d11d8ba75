import { tensor } from '@nn/tensor';
import type { EpochRecord, Figures } from '@nn/train';
import { expect, test } from 'vitest';
import { imageGrid, plotConfusionMatrix, plotCurves } from '../src/index.js';
import { axisOf, imagesOf, marksOf, sizeOfPng, textsOf } from './svg.js';

const record = (epoch: number, train: Partial<Figures>, validation?: Partial<Figures>): EpochRecord => {
  const figures = { loss: Number.NaN, losses: {}, metrics: {} };
  const validated = validation && { validation: { ...figures, ...validation } };
  return { epoch, step: epoch, train: { ...figures, ...train }, ...validated, learningRate: 1, seconds: 1 };
};

const epochs = Array.from({ length: 5 }, (_, i) =>
  record(
    i + 1,
    { loss: 1 / (i + 1), losses: { CrossEntropy: 9 }, metrics: { accuracy: i / 5, confusionMatrix: [[1]] } },
    { loss: 1.5 / (i + 1), losses: { CrossEntropy: 9 }, metrics: { accuracy: i / 6 } },
  ),
);

/** Points that a chart marks, by colour. */
const marks = (svg: string, colour: string) =>
  svg.split(new RegExp(`aria-roledescription="point"[^>]*fill="${colour}"`)).length - 1;

test('curves have a title, named axes and a legend, and a point for every figure', async () => {
  const svg = await plotCurves({ epochs }, { title: 'LeNet-5 on <MNIST>' });
  const texts = textsOf(svg);
  expect(texts).toEqual(
    expect.arrayContaining(['LeNet-5 on <MNIST>', 'loss', 'accuracy', 'epoch', 'training', 'validation', '1', '5']),
  );
  expect(texts.filter((text) => text === 'epoch')).toHaveLength(2);
  expect(texts).not.toContain('confusionMatrix');
  expect(texts).not.toContain('CrossEntropy');
  expect(marks(svg, '#2563eb')).toBe(10);
  expect(marks(svg, '#ea580c')).toBe(10);
});

test('each point of a curve stands where its epoch and value are on the axes', async () => {
  const svg = await plotCurves({ epochs }, { figures: ['loss'] });
  const [x, y] = [axisOf(svg, 'X'), axisOf(svg, 'Y')];
  const points = marksOf(svg, 'point').filter(({ label }) => label.includes('training'));
  expect(points).toHaveLength(5);
  points.forEach(({ left, top }, i) => {
    expect(left).toBeCloseTo(x(i + 1), 6);
    expect(top).toBeCloseTo(y(1 / (i + 1)), 6);
  });
});

test('curves without validation have no legend for it; one epoch is enough', async () => {
  const svg = await plotCurves({ epochs: [record(1, { loss: 0.5 })] });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['Training', 'loss', '0.5', 'training']));
  expect(textsOf(svg)).not.toContain('validation');
  expect(marks(svg, '#2563eb')).toBe(1);
});

test('several losses are shown each', async () => {
  const svg = await plotCurves({ epochs: [record(1, { loss: 3, losses: { digit: 1, parity: 2 } })] });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['loss', 'digit', 'parity']));
});

test('figures that are not finite leave a gap, read from JSON too; a history of none is an error', async () => {
  const history = { epochs: [1, Number.NaN, 2, 3].map((loss, i) => record(i + 1, { loss })) };
  const svg = await plotCurves(JSON.parse(JSON.stringify(history)));
  expect(svg).toBe(await plotCurves(history));
  expect(marks(svg, '#2563eb')).toBe(3);
  const path = svg.match(/aria-roledescription="line mark"[^>]* d="([^"]+)"/)?.[1];
  expect(path?.match(/M/g)).toHaveLength(2);
  await expect(plotCurves({ epochs: [] })).rejects.toThrow(/no epoch with a number/);
  await expect(plotCurves({ epochs: [record(1, {})] })).rejects.toThrow(/no epoch with a number/);
});

test('figures can be chosen', async () => {
  const texts = textsOf(await plotCurves({ epochs }, { figures: ['accuracy'] }));
  expect(texts).toContain('accuracy');
  expect(texts).not.toContain('loss');
  await expect(plotCurves({ epochs }, { figures: ['recall'] })).rejects.toThrow(/no recall; it has loss, accuracy/);
});

test('a confusion matrix has every count, the labels of both axes, and the share of right answers', async () => {
  const svg = await plotConfusionMatrix(
    [
      [50, 3],
      [7, 1940],
    ],
    { labels: ['shirt', 'coat & "hat"'] },
  );
  const texts = textsOf(svg);
  for (const count of ['50', '3', '7', '1940']) expect(texts.filter((text) => text === count)).toHaveLength(1);
  for (const label of ['shirt', 'coat & "hat"']) expect(texts.filter((text) => text === label)).toHaveLength(2);
  expect(texts).toEqual(
    expect.arrayContaining([
      'Confusion matrix',
      '1 990 of 2 000 right (99.50 %)',
      'predicted class',
      'true class',
      'share of true class',
    ]),
  );
  expect(svg.match(/aria-roledescription="rect mark"/g)).toHaveLength(4);
});

test('a count stands in the row of its true class and the column of what was said, shaded by its share', async () => {
  const svg = await plotConfusionMatrix([
    [8, 2, 0],
    [0, 5, 5],
    [1, 0, 9],
  ]);
  const cells = marksOf(svg, 'rect mark');
  const side = cells[0].right - cells[0].left;
  for (const { label, left, top } of cells) {
    const [, predicted, actual] = label.match(/predicted class: (\d).*true class: (\d)/) ?? [];
    expect([left, top]).toEqual([Number(predicted) * side, Number(actual) * side]);
  }
  const shadeOf = (actual: number, predicted: number) =>
    Number(cells[3 * actual + predicted].fill.match(/\d+/)?.[0] ?? Number.NaN);
  const shades = [shadeOf(0, 2), shadeOf(0, 1), shadeOf(1, 1), shadeOf(0, 0), shadeOf(2, 2)];
  expect(shades).toEqual([...shades].sort((a, b) => b - a));
  expect(new Set(shades).size).toBe(5);
});

test('classes are numbered from 0 unless named, and stay in order', async () => {
  const counts = Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (_, j) => 100 * i + j + 1000));
  const texts = textsOf(await plotConfusionMatrix(counts));
  const columns = texts.filter((text) => /^\d{1,2}$/.test(text)).slice(0, 12);
  expect(columns).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
});

test.each<[readonly (readonly number[])[], readonly string[] | undefined, RegExp]>([
  [[], undefined, /at least one/],
  [[[1, 2]], undefined, /1 rows need 1 columns/],
  [[[1]], ['a', 'b'], /2 labels for 1 classes/],
])('counts %j with labels %j are an error', async (counts, labels, message) => {
  await expect(plotConfusionMatrix(counts, { labels })).rejects.toThrow(message);
});

test('an image grid shows each image, its captions and the title', async () => {
  const images = Array.from({ length: 5 }, (_, i) => ({
    image: tensor(new Float32Array(28 * 28).fill(i / 4), { shape: i % 2 === 0 ? [28, 28] : [1, 28, 28] }),
    caption: [`true ${i}`, `predicted <${i + 1}>`],
  }));
  const svg = await imageGrid(images, { title: 'Worst & last' });
  expect(svg.match(/<image /g)).toHaveLength(5);
  expect(textsOf(svg)).toEqual(['Worst & last', ...images.flatMap(({ caption }) => caption)]);
  const [width, height] = sizeOfPng(await imageGrid(images, { title: 'Worst & last', format: 'png', scale: 1 }));
  expect([width, height]).toEqual([Number(svg.match(/width="(\d+)"/)?.[1]), Number(svg.match(/height="(\d+)"/)?.[1])]);
});

test('the pixels of an image are those of the tensor, grey or colour', async () => {
  const grey = tensor(new Float32Array([0, 0.5, 1, -3, 7, NaN]), { shape: [2, 3] });
  const colour = tensor(Uint8Array.of(255, 1, 128, 2, 0, 3), { shape: [3, 1, 2] });
  const svg = await imageGrid([
    { image: grey, caption: '' },
    { image: colour, caption: '' },
  ]);
  expect(imagesOf(svg)).toEqual([
    { width: 3, height: 2, pixels: ['#000000', '#808080', '#ffffff', '#000000', '#ffffff', '#000000'] },
    { width: 2, height: 1, pixels: ['#ff8000', '#010203'] },
  ]);
});

test('long captions do not run into one another', async () => {
  const image = tensor([
    [0, 1],
    [1, 0],
  ]);
  const svg = await imageGrid([1, 2].map(() => ({ image, caption: 'trouser, taken for ankle boot' })));
  const [first, second] = [...svg.matchAll(/<text x="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(second - first).toBeGreaterThan(0.55 * 11 * 'trouser, taken for ankle boot'.length);
});

test('images of another shape, and none at all, are an error', async () => {
  await expect(imageGrid([{ image: tensor([1, 2]), caption: '' }])).rejects.toThrow(/not \[2\]/);
  await expect(imageGrid([])).rejects.toThrow(/no images/);
});
