import {
  Adam,
  AvgPool2d,
  Conv2d,
  capture,
  Dropout,
  L2,
  Linear,
  mean,
  Permute,
  Sequential,
  SGD,
  type Tensor,
  Upsample,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

export const options: readonly Mistake[] = [
  {
    mistake: 'An option is misspelt.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Linear({ outFeatures: 10, inFeature: 4 }),
    says: [/Linear has no option "inFeature"/, /it has .*inFeatures/],
  },
  {
    mistake: 'An option of a Sequential is misspelt.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Sequential([new Linear({ outFeatures: 10 })], { inputShape: [4] }),
    says: [/Sequential has no option "inputShape"/, /it has input/],
  },
  {
    mistake: 'A size is given by itself, as in other frameworks.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Linear(128),
    says: [/Linear takes one object of options/, /such as \{ outFeatures: … \}/],
  },
  {
    mistake: 'A size that nothing can tell is left out.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Conv2d({ outChannels: 8 }),
    says: [/Conv2d needs kernelSize/, /new Conv2d\(\{ kernelSize: … \}\)/],
  },
  {
    mistake: 'A layer is asked for an activation.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Linear({ outFeatures: 10, activation: 'relu' }),
    says: [/Linear takes no activation/, /put it after the layer, as in \[new Linear\(\{ … \}\), relu\]/],
  },
  {
    mistake: 'A layer has no outputs.',
    attempt: () => new Linear({ outFeatures: 0 }),
    says: [/Linear: outFeatures/, /a whole number from 1/],
  },
  {
    mistake: 'A size was read from text.',
    attempt: () => new Linear({ outFeatures: '64' as never }),
    says: [/Linear: outFeatures/, /a whole number from 1, and was given as "64"/],
  },
  {
    mistake: 'The kernel has no size.',
    attempt: () => new Conv2d({ outChannels: 8, kernelSize: 0 }),
    says: [/Conv2d: kernelSize/, /a whole number of at least 1/],
  },
  {
    mistake: 'Padding that keeps the size is combined with a stride that halves it.',
    attempt: () => new Conv2d({ outChannels: 8, kernelSize: 3, stride: 2, padding: 'same' }),
    says: [/Conv2d: padding 'same' needs stride 1/, /give the padding in numbers/],
  },
  {
    mistake: 'Padding has a name that does not exist.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Conv2d({ outChannels: 8, kernelSize: 3, padding: 'full' }),
    says: [/Conv2d: padding/, /'valid', 'same', .*a whole number/],
  },
  {
    mistake: 'Padding is larger than half the window of a pooling.',
    attempt: () => new AvgPool2d({ kernelSize: 2, padding: 2 }).run(zeros([1, 1, 8, 8])),
    says: [/averagePool2d|AvgPool2d/, /use less padding/],
  },
  {
    mistake: 'Groups do not divide the channels.',
    attempt: () => new Conv2d({ inChannels: 3, outChannels: 8, kernelSize: 3, groups: 2 }),
    says: [/Conv2d: groups 2/, /must divide the input and output channels/],
  },
  {
    mistake: 'A probability is given in percent.',
    attempt: () => new Dropout({ dropProbability: 20 }),
    says: [/Dropout: dropProbability/, /a number from 0 to 1, and was given as 20/],
  },
  {
    mistake: 'An initialiser has the name of another framework.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Linear({ outFeatures: 10, init: 'he_normal' }),
    says: [/Linear: init "he_normal" is no initialiser/, /kaimingNormal/],
  },
  {
    mistake: 'An initialiser is given an option of another.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Linear({ outFeatures: 10, init: { name: 'constant', deviation: 1 } }),
    says: [/Linear: init constant has no option "deviation"/, /it has .*value/],
  },
  {
    mistake: 'Axes are permuted without that of the batch.',
    attempt: () => new Permute({ axes: [2, 1] }),
    says: [/Permute: axes/, /the batch's 0 first, such as \[0, 2, 1\]/],
  },
  {
    mistake: 'Images are to grow, and nothing says how much.',
    attempt: () => new Upsample({}),
    says: [/Upsample needs either size or scaleFactor/, /new Upsample\(\{ scaleFactor: 2 \}\)/],
  },
  {
    mistake: 'A penalty is to be of a layer that is not there.',
    attempt: () => {
      const model = new Sequential([new Linear({ outFeatures: 10 })], { input: [4] });
      return new L2({ strength: 1e-4, of: ['hidden'] }).penalty(model.build() as never);
    },
    says: [/L2: of names "hidden"/, /it has 0/],
  },
  {
    mistake: 'An optimizer has options of another.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Adam({ momentum: 0.9 }),
    says: [/Adam has no option "momentum"/, /it has learningRate.*beta1/],
  },
  {
    mistake: 'The learning rate has its short name.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new SGD({ lr: 0.1 }),
    says: [/SGD has no option "lr"/, /it has learningRate/],
  },
  {
    mistake: 'A dtype has its long name.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => zeros([2, 3], { dtype: 'float32' }),
    says: [/dtype "float32"/, /there are f32, f64, i32, u8/],
  },
  {
    mistake: 'A tensor is given its dtype alone.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => zeros([2, 3], 'i32'),
    says: [/zeros takes one object of options/, /such as \{ dtype: … \}/],
  },
  {
    mistake: 'A shape is given as separate numbers.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => zeros(2, 3),
    says: [/2 is not a shape/, /give an array of sizes, as in \[2, 3\]/],
  },
  {
    mistake: 'An op is given an attribute that it does not have.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => mean(zeros([2, 3]), { dim: 1 }),
    says: [/mean has no option "dim"/, /it has axis/],
  },
  {
    mistake: 'An option of capture is misspelt.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => capture((x: Tensor) => x, { verfy: true }),
    says: [/capture has no option "verfy"/, /it has verify/],
  },
  {
    mistake: 'An option of loading weights is misspelt.',
    attempt: () => {
      const model = new Sequential([new Linear({ outFeatures: 10 })], { input: [4] });
      // @ts-expect-error: the compiler says so too.
      return model.loadStateDict(model.stateDict(), { isStrict: false });
    },
    says: [/loadStateDict has no option "isStrict"/, /it has strict/],
  },
];
