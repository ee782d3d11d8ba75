import type { TensorDataset } from '../tensor-dataset.js';
import type { ImageSet } from './image-set.js';
import { type ImageOptions, loadImages } from './load-images.js';

const set: ImageSet = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  checksums: {
    'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
  mirrors: [
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion',
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets',
  ],
  installed: () => ['/usr/share/datasets/fashion-mnist'],
  advice: "or install Debian's package dataset-fashion-mnist",
  statistics: { mean: 0.286, deviation: 0.353 },
  classes: 10,
};

/** What the labels 0…9 of Fashion-MNIST stand for. */
export const fashionMnistClasses: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Fashion-MNIST: pictures of clothes in the place of MNIST's digits, otherwise the same; see `mnist`. Besides the cache,
 * they are taken from where Debian's package dataset-fashion-mnist installs them.
 * Source: Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747.
 */
export const fashionMnist = (options: ImageOptions): Promise<TensorDataset> => loadImages(set, options);
