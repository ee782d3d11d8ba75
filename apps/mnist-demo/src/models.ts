import { Conv2d, Dropout, Flatten, Linear, MaxPool2d, relu, Sequential, tanh } from '@nn/nn';

/** The networks that can be trained; each takes [batch, 1, 28, 28] and gives a score for each digit, [batch, 10]. */
export const models = {
  /** LeNet-5. Source: LeCun, Bottou, Bengio & Haffner 1998; here with max pooling and without partial connections. */
  lenet: () =>
    new Sequential(
      [
        new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
        tanh,
        new MaxPool2d({ kernelSize: 2 }),
        new Conv2d({ outChannels: 16, kernelSize: 5 }),
        tanh,
        new MaxPool2d({ kernelSize: 2 }),
        new Flatten(),
        new Linear({ outFeatures: 120 }),
        tanh,
        new Linear({ outFeatures: 84 }),
        tanh,
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    ),

  /** Two hidden layers, fully connected. */
  mlp: () =>
    new Sequential(
      [
        new Flatten(),
        new Linear({ outFeatures: 128 }),
        relu,
        new Linear({ outFeatures: 64 }),
        relu,
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    ),

  /** A wider convolutional network with dropout, some thirty times the work of LeNet-5 for an image. */
  cnn: () =>
    new Sequential(
      [
        new Conv2d({ outChannels: 32, kernelSize: 3 }),
        relu,
        new Conv2d({ outChannels: 64, kernelSize: 3 }),
        relu,
        new MaxPool2d({ kernelSize: 2 }),
        new Dropout({ dropProbability: 0.25 }),
        new Flatten(),
        new Linear({ outFeatures: 128 }),
        relu,
        new Dropout({ dropProbability: 0.5 }),
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    ),
};

export type ModelName = keyof typeof models;
