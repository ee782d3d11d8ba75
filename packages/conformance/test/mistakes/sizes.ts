import {
  add,
  BatchNorm1d,
  Conv2d,
  CrossEntropy,
  Embedding,
  Flatten,
  Graph,
  GroupNorm,
  Linear,
  MaxPool2d,
  matmul,
  ones,
  Reshape,
  relu,
  reshape,
  Sequential,
  sum,
  summary,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const conv = (outChannels: number) => new Conv2d({ outChannels, kernelSize: 3 });
const linear = (outFeatures: number) => new Linear({ outFeatures });

export const sizes: readonly Mistake[] = [
  {
    mistake: 'An image has no batch dimension.',
    attempt: () => new Sequential([conv(8), relu]).run(zeros([1, 28, 28])),
    says: [/Conv2d in layer "0".*was given \[1, 28, 28\]/, /reshape \[1, 28, 28\] to \[1, 1, 28, 28\]/],
  },
  {
    mistake: 'A row of features has no batch dimension.',
    attempt: () => linear(3).run(zeros([4])),
    says: [/Linear takes \[batch, ..., features\] and was given \[4\]/, /reshape it to \[1, 4\]/],
  },
  {
    mistake: 'Flatten is forgotten between images and classes.',
    attempt: () => {
      const model = new Sequential([conv(8), relu, linear(10)]);
      return new CrossEntropy().run(model.run(zeros([2, 1, 28, 28])), zeros([2], { dtype: 'i32' }));
    },
    says: [/CrossEntropy with a prediction \[2, 8, 26, 10\]/, /must be \[rows, classes\]; flatten/],
  },
  {
    mistake: 'Colour images go into a network for grey ones.',
    attempt: () => {
      const model = new Sequential([conv(8), relu]);
      model.run(zeros([2, 1, 28, 28]));
      return model.run(zeros([2, 3, 28, 28]));
    },
    says: [/conv2d in layer "0".*x has 3 channels, and w expects 1/, /change the layer's inChannels or the image/],
  },
  {
    mistake: 'Channels come last.',
    attempt: () => new Sequential([conv(8)]).run(zeros([2, 28, 28, 1])),
    says: [/conv2d in layer "0" with x \[2, 28, 28, 1\]/, /image, which is \[batch, channels, height, width\]/],
  },
  {
    mistake: 'Pooling has left less of the image than the kernel needs.',
    attempt: () => {
      const pool = new MaxPool2d({ kernelSize: 2 });
      return new Sequential([pool, pool, conv(8)]).run(zeros([2, 1, 8, 8]));
    },
    says: [/in layer "2".*the window's height is 3, the padded image's only 2/, /use a smaller kernel/],
  },
  {
    mistake: 'A network that has seen rows of 4 features is given 5.',
    attempt: () => {
      const model = new Sequential([linear(8), relu]);
      model.run(zeros([2, 4]));
      return model.run(zeros([2, 5]));
    },
    says: [/linear in layer "0" with x \[2, 5\], w \[8, 4\]/, /reshape it or change the layer's size/],
  },
  {
    mistake: 'A Sequential is given something else than the input that it declares.',
    attempt: () => new Sequential([new Flatten(), linear(10)], { input: [1, 28, 28] }).run(zeros([2, 1, 32, 32])),
    says: [/The input of Sequential must be \[batch, 1, 28, 28\], and is \[2, 1, 32, 32\]/, /reshape it/],
  },
  {
    mistake: 'A Graph is given something else than the input that it declares.',
    attempt: () =>
      new Graph({ inputs: { image: [1, 28, 28] }, nodes: { y: [new Flatten(), 'image'] }, outputs: ['y'] }).run(
        zeros([2, 784]),
      ),
    says: [/Input "image" must be \[batch, 1, 28, 28\], and is \[2, 784\]/, /reshape it/],
  },
  {
    mistake: 'Batch normalisation trains on one sample.',
    attempt: () => new Sequential([linear(8), new BatchNorm1d()]).run(zeros([1, 4])),
    says: [/BatchNorm1d in layer "1" with x \[1, 8\]/, /use a larger batch, or eval\(\)/],
  },
  {
    mistake: 'Channels are divided into groups that do not come out even.',
    attempt: () => new Sequential([conv(10), new GroupNorm({ groups: 4 })]).run(zeros([2, 1, 8, 8])),
    says: [/GroupNorm in layer "1": groups 4/, /must divide the 10 channels/],
  },
  {
    mistake: 'Samples are reshaped to another number of elements.',
    attempt: () => new Sequential([linear(50), new Reshape({ shape: [1, 7, 7] })]).run(zeros([2, 4])),
    says: [
      /Reshape in layer "1": samples of \[50\] \(50 elements\) do not fit \[1, 7, 7\]/,
      /give a shape of as many elements/,
    ],
  },
  {
    mistake: 'A tensor is reshaped to another number of elements.',
    attempt: () => reshape(zeros([2, 3]), [4, 2]),
    says: [
      /reshape: \[2, 3\] \(6 elements\) does not fit \[4, 2\]/,
      /the product of the sizes must be 6, and one may be -1/,
    ],
  },
  {
    mistake: 'Matrices are multiplied whose inner sizes differ.',
    attempt: () => matmul(zeros([2, 3]), zeros([2, 3])),
    says: [/matmul with a \[2, 3\], b \[2, 3\]/, /transpose an operand or mend its size/],
  },
  {
    mistake: 'Tensors are added that do not broadcast.',
    attempt: () => add(zeros([4, 3]), zeros([4])),
    says: [/add with a \[4, 3\], b \[4\]/, /make them equal, or one of them 1/],
  },
  {
    mistake: 'A sum is taken along an axis that is not there.',
    attempt: () => sum(zeros([4, 3]), { axis: 2 }),
    says: [/sum with x \[4, 3\]: axis 2 does not exist/, /use -2 to 1/],
  },
  {
    mistake: 'Rows have different lengths.',
    attempt: () =>
      tensor([
        [1, 2, 3],
        [4, 5],
      ]),
    says: [/tensor: ragged arrays/, /every array at depth 1 must have 3 entries/],
  },
  {
    mistake: 'There are more numbers than the shape holds.',
    attempt: () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 2] }),
    says: [/tensor: 6 numbers do not fill the shape \[2, 2\]/, /give 4, or another shape/],
  },
  {
    mistake: 'One number is read of many.',
    attempt: () => relu(ones([2, 3])).item(),
    says: [/item\(\) reads one number, and this tensor has \[2, 3\]/, /use data/],
  },
  {
    mistake: 'Bytes of images go into a layer as they are.',
    attempt: () => new Sequential([linear(10)]).run(zeros([2, 784], { dtype: 'u8' })),
    says: [/linear in layer "0".*dtypes u8, f32 and f32 differ/, /convert with cast/],
  },
  {
    mistake: 'Numbers from a computation in floats index an embedding.',
    attempt: () => new Embedding({ entries: 100, features: 8 }).run(zeros([2, 5])),
    says: [/gatherRows with x \[100, 8\], index \[2, 5\]: indices must be i32, not f32/, /convert them with cast/],
  },
  {
    mistake: 'A word of the text is not in the vocabulary of the embedding.',
    attempt: () => new Embedding({ entries: 100, features: 8 }).run(tensor([[5, 100]], { dtype: 'i32' })),
    says: [
      /Embedding: .*index 100 at position 1 is outside 0…99/,
      /correct the indices, or give the layer more entries/,
    ],
  },
  {
    mistake: 'Parameters are counted before the sizes are known.',
    attempt: () => new Sequential([linear(8), relu, linear(3)]).parameters(),
    says: [/Linear "0" does not know its sizes yet/, /call model.build/],
  },
  {
    mistake: 'A summary is asked for of functions, which take anything.',
    attempt: () => summary(new Sequential([relu, new Flatten()])),
    says: [/summary: Sequential does not say what it takes/, /summary\(model, \[1, 28, 28\]\)/],
  },
  {
    mistake: 'The weights of another network are loaded.',
    attempt: () => {
      const [small, large] = [8, 16].map((width) => new Sequential([linear(width)], { input: [4] }));
      return large.loadStateDict(small.stateDict());
    },
    says: [/0.weight is \[8, 4\], the model's \[16, 4\]/, /Build the model as the one it comes from/],
  },
];
