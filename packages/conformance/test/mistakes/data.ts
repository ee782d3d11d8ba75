import {
  collate,
  DataLoader,
  evaluate,
  fit,
  imageFolder,
  Linear,
  MeanSquaredError,
  mnist,
  moons,
  Normalize,
  parseCsv,
  parseIdx,
  predict,
  RandomCrop,
  readCsv,
  Sequential,
  SGD,
  splitDataset,
  statistics,
  subset,
  TensorDataset,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const model = () => new Sequential([new Linear({ outFeatures: 1 })], { input: [2] });
const training = { optimizer: new SGD(), losses: new MeanSquaredError() };
const batch = { x: zeros([4, 2]), y: zeros([4, 1]) };
const points = () => new TensorDataset(batch);
const images = () => new TensorDataset({ x: zeros([4, 1, 8, 8]), y: zeros([4], { dtype: 'i32' }) });

export const data: readonly Mistake[] = [
  {
    mistake: 'A dataset is given where batches are needed.',
    attempt: () => fit(model(), { ...training, train: points() as never }),
    says: [/fit: train is a Dataset/, /new DataLoader\(train, \{ batchSize: 32 \}\)/],
  },
  {
    mistake: 'A tensor is given where batches are needed.',
    attempt: () => evaluate(model(), { data: batch.x as never, losses: new MeanSquaredError() }),
    says: [/evaluate needs data/, /a DataLoader, or batches \[\{ x, y \}\]/],
  },
  {
    mistake: 'Batches are pairs, as in Python.',
    attempt: () => fit(model(), { ...training, train: [[batch.x, batch.y]] as never }),
    says: [/A batch must be \{ x, y \}/, /use a DataLoader/],
  },
  {
    mistake: 'A generator gives the batches, and is empty in the second epoch.',
    attempt: () => {
      const batches = function* () {
        yield batch;
      };
      return fit(model(), { ...training, train: batches(), epochs: 2 });
    },
    says: [
      /Epoch 2 had nothing to learn from/,
      /A generator is used up after one epoch; give a DataLoader or an array/,
    ],
  },
  {
    mistake: 'There is nothing to evaluate.',
    attempt: () => evaluate(model(), { data: [], losses: new MeanSquaredError() }),
    says: [/nothing to evaluate: the data gave no batches/, /is it a generator that was gone through before/],
  },
  {
    mistake: 'There is nothing to predict.',
    attempt: () => predict(model(), []),
    says: [/nothing to predict: the data gave no batches/, /is it a generator that was gone through before/],
  },
  {
    mistake: 'Batches are of no sample.',
    attempt: () => new DataLoader(points(), { batchSize: 0 }),
    says: [/DataLoader: a batchSize of 0/, /use a whole number above 0, or 'all'/],
  },
  {
    mistake: 'The size of batches is left out.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new DataLoader(points(), { shuffle: true }),
    says: [/DataLoader needs batchSize/, /use a whole number above 0, or 'all'/],
  },
  {
    mistake: 'The dataset is smaller than a batch, and short ones are dropped.',
    attempt: () => new DataLoader(points(), { batchSize: 32, dropLast: true }),
    says: [/DataLoader: 4 samples do not fill a batch of 32/, /use a smaller batchSize, or keep the last batch/],
  },
  {
    mistake: 'A filter has left no samples.',
    attempt: () => new DataLoader({ length: 0, get: () => batch }, { batchSize: 32 }),
    says: [/DataLoader: the dataset has no samples/, /look at what it was made of/],
  },
  {
    mistake: 'Inputs and targets are of different numbers of samples.',
    attempt: () => new TensorDataset({ x: zeros([4, 2]), y: zeros([3, 1]) }),
    says: [/TensorDataset: x \[4, 2\], y \[3, 1\]/, /y must have a row for each of the 4 samples/],
  },
  {
    mistake: 'A measurement is missing, as NaN.',
    attempt: () =>
      new TensorDataset({
        x: tensor([
          [1, 2],
          [3, NaN],
        ]),
        y: zeros([2, 1]),
      }),
    says: [/x is NaN in sample 1 at \[1\]/, /leave that sample out with subset, or replace the value/],
  },
  {
    mistake: 'Images of a dataset are of different sizes.',
    attempt: () => [...new DataLoader({ length: 2, get: (i) => ({ x: zeros([1, 8 + i, 8]) }) }, { batchSize: 2 })],
    says: [/x of sample 1 is \[1, 9, 8\] f32, but x of sample 0 is \[1, 8, 8\]/, /crop, pad or cast with mapDataset/],
  },
  {
    mistake: 'Targets of a regression are plain numbers.',
    attempt: () => collate([{ x: zeros([2]), y: 0.5 }]),
    says: [/y of sample 0 is 0.5/, /give other targets as tensors, such as tensor\(\[0.5\]\)/],
  },
  {
    mistake: 'Samples are read from files, and gone through without waiting for them.',
    attempt: () => [...new DataLoader({ length: 2, get: async () => batch }, { batchSize: 2 })],
    says: [/DataLoader: the dataset's samples are promises/, /go through it with for await/],
  },
  {
    mistake: 'A sample is asked for beyond the end.',
    attempt: () => points().get(4),
    says: [/no sample 4 in a dataset of 4/, /positions go from 0 to 3/],
  },
  {
    mistake: 'Parts of a dataset are more than the whole.',
    attempt: () => splitDataset(points(), [0.8, 0.3]),
    says: [/splitDataset: \[0.8, 0.3\] is more than there is/, /fractions add up to 1 at most/],
  },
  {
    mistake: 'A subset ends before it begins.',
    attempt: () => subset(points(), { start: 3, end: 1 }),
    says: [/subset: 3…1 is no range of 4 samples/, /start and end go from 0 to 4, start first/],
  },
  {
    mistake: 'Images for grey are normalised by the numbers of colours.',
    attempt: () => [
      ...new DataLoader(images(), {
        batchSize: 2,
        transforms: [new Normalize({ mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2] })],
      }),
    ],
    says: [/normalize: mean has 3 numbers/, /give one for each/],
  },
  {
    mistake: 'Data are divided by a deviation of 0.',
    attempt: () => new Normalize({ mean: 0.5, deviation: 0 }),
    says: [/a deviation of 0 cannot be divided by/, /it must be more than 0/],
  },
  {
    mistake: 'A crop is larger than the image.',
    attempt: () => [...new DataLoader(images(), { batchSize: 2, transforms: [new RandomCrop({ size: 12 })] })],
    says: [/RandomCrop: images of .* have no window of 12 × 12/, /use a smaller size/],
  },
  {
    mistake: 'Rows of a table are transformed as if they were images.',
    attempt: () => [...new DataLoader(points(), { batchSize: 2, transforms: [new RandomCrop({ padding: 2 })] })],
    says: [/RandomCrop: x is \[2, 2\] f32/, /\[n, channels, height, width\]|reshape/],
  },
  {
    mistake: 'Statistics are taken of nothing.',
    attempt: () => statistics({ length: 0, get: () => batch }),
    says: [/statistics: there are no samples/, /take them of training data/],
  },
  {
    mistake: 'A toy set has one sample.',
    attempt: () => moons({ samples: 1 }),
    says: [/A toy set of 1 samples/, /it takes a whole number from 2 up/],
  },
  {
    mistake: 'A split is asked for that MNIST does not have.',
    attempt: () => mnist({ split: 'validation' as never }),
    says: [/MNIST has no split "validation"/, /use 'train' or 'test'/],
  },
  {
    mistake: 'The files of MNIST are not in the directory named.',
    attempt: (folder) => mnist({ split: 'test', data: folder }),
    says: [/t10k-images-idx3-ubyte does not exist/, /put it there, or leave out the directory/],
  },
  {
    mistake: 'A file of images is something else.',
    attempt: () => parseIdx(new TextEncoder().encode('<html>Not found</html>'), { name: 'train-images-idx3-ubyte' }),
    says: [/train-images-idx3-ubyte is no IDX file/, /Replace it with the original/],
  },
  {
    mistake: 'A table is not where it was looked for.',
    attempt: (folder) => readCsv(`${folder}/iris.csv`),
    says: [/iris\.csv does not exist/, /check the path/],
  },
  {
    mistake: 'A field of a table is a typing error.',
    attempt: () => parseCsv('size,price\n10,100\n1O,120\n12,130\n', { name: 'houses.csv' }),
    says: [/line 3, column "size": "1O" is no number/, /correct it, count it as missing/],
  },
  {
    mistake: 'Fields of a table are empty.',
    attempt: () => parseCsv('size,price\n10,100\n,120\n', { name: 'houses.csv' }),
    says: [/houses\.csv.*\s*line 3, column "size": the value is missing/, /another policy for missing values/],
  },
  {
    mistake: 'A row of a table has a comma too many.',
    attempt: () => parseCsv('size,price\n10,100\n11,5,120\n', { name: 'houses.csv' }),
    says: [/houses\.csv has 2 columns \(size, price\)[\s\S]*line 3: 3 fields/, /correct them/],
  },
  {
    mistake: 'The target of a table is a column that is not there.',
    attempt: () => parseCsv('size,price\n10,100\n', { name: 'houses.csv' }).dataset({ y: 'Price' }),
    says: [/houses\.csv has no column "Price"/, /it has size, price/],
  },
  {
    mistake: 'The target of a table is among its inputs too.',
    attempt: () =>
      parseCsv('size,price\n10,100\n', { name: 'houses.csv' }).dataset({ x: ['size', 'price'], y: 'price' }),
    says: [/houses\.csv: column "price" is both in x and in y/, /leave it out of x/],
  },
  {
    mistake: 'A folder of images has no folders of classes.',
    attempt: (folder) => imageFolder(folder),
    says: [/has no folders/, /put the images of each class into one/],
  },
];
