import {
  Adam,
  type Callback,
  CosineSchedule,
  CrossEntropy,
  crossEntropy,
  DataLoader,
  EarlyStopping,
  fit,
  Linear,
  MeanSquaredError,
  ReduceOnPlateau,
  relu,
  Sequential,
  SGD,
  TensorDataset,
  Trainer,
  tensor,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const model = () => new Sequential([new Linear({ outFeatures: 1 })], { input: [2] });
const x = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);
const train = [{ x, y: tensor([[1], [2], [3]]) }];
const losses = new MeanSquaredError();
const optimizer = () => new SGD({ learningRate: 0.01 });
const run = (callbacks: readonly Callback[]) => fit(model(), { optimizer: optimizer(), losses, train, callbacks });

export const training: readonly Mistake[] = [
  {
    mistake: 'The optimizer is forgotten.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { losses }),
    says: [/Trainer needs an optimizer/, /such as new Adam\(\{ learningRate: 1e-3 \}\)/],
  },
  {
    mistake: 'The optimizer is named by a string.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { losses, optimizer: 'adam' }),
    says: [/Trainer needs an optimizer, .* not "adam"/, /such as new Adam/],
  },
  {
    mistake: 'The optimizer is a class.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { losses, optimizer: Adam }),
    says: [/Trainer needs an optimizer, .* not the class Adam/, /such as new Adam/],
  },
  {
    mistake: 'The losses are forgotten.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { optimizer: optimizer() }),
    says: [/Trainer needs losses/, /such as new CrossEntropy\(\)/],
  },
  {
    mistake: 'The loss is named by a string.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { optimizer: optimizer(), losses: 'mse' }),
    says: [/The losses must be.* not "mse"/, /a loss such as new CrossEntropy\(\)/],
  },
  {
    mistake: 'The loss is a function.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { optimizer: optimizer(), losses: crossEntropy }),
    says: [/not the function crossEntropy/, /a loss such as new CrossEntropy\(\)/],
  },
  {
    mistake: 'The number of epochs has its name in Keras’s old versions.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => fit(model(), { optimizer: optimizer(), losses, train, nb_epoch: 3 }),
    says: [/fit has no option "nb_epoch"/, /it has .*epochs/],
  },
  {
    mistake: 'There are no epochs.',
    attempt: () => fit(model(), { optimizer: optimizer(), losses, train, epochs: 0 }),
    says: [/fit: epochs/, /a whole number from 1/],
  },
  {
    mistake: 'The learning rate is much too large.',
    attempt: () => fit(model(), { optimizer: new SGD({ learningRate: 1e6 }), losses, train, epochs: 100 }),
    says: [
      /The loss is (NaN|Infinity) at step \d+ \(epoch \d+, batch 1 of 1\)/,
      /a lower learning rate \(it is 1000000\)/,
    ],
  },
  {
    mistake: 'A batch has a NaN.',
    attempt: () =>
      fit(model(), {
        optimizer: optimizer(),
        losses,
        train: [{ x: tensor([[1, NaN]]), y: tensor([[1]]) }],
        checkNumbers: true,
      }),
    says: [/NaN.*at step 1 \(epoch 1, batch 1 of 1\)/, /Look at its inputs/],
  },
  {
    mistake: 'A callback throws.',
    attempt: () =>
      run([
        {
          name: 'plotter',
          onStep: () => {
            throw new Error('The window is closed.');
          },
        },
      ]),
    says: [/The callback plotter failed when told of step: The window is closed/, /mend it, and fit\(.*resume: true/],
  },
  {
    mistake: 'A callback fails later, in a promise.',
    attempt: () => run([{}, { onEpochEnd: () => Promise.reject(new Error('The disk is full.')) }]),
    says: [/The callback 2 of 2 failed when told of epochEnd: The disk is full/, /mend it, and fit\(.*resume: true/],
  },
  {
    mistake: 'A callback is given without an array.',
    attempt: () => run(new EarlyStopping() as never),
    says: [
      /fit: callbacks are given in an array, .* not as an object of EarlyStopping/,
      /such as \[new ProgressBar\(\)\]/,
    ],
  },
  {
    mistake: 'A callback is a class.',
    attempt: () => run([EarlyStopping as never]),
    says: [/not as the class EarlyStopping/, /such as \[new ProgressBar\(\)\]/],
  },
  {
    mistake: 'A callback is a function.',
    attempt: () => run([(() => {}) as never]),
    says: [/fit: callbacks .* not as the function/, /such as \[new ProgressBar\(\)\]/],
  },
  {
    mistake: 'A handler of a callback is misspelt.',
    attempt: () => run([{ onEpochFinished: () => {} } as never]),
    says: [/the callback 1 of 1 has onEpochFinished, which is never called/, /there are .*onEpochEnd/],
  },
  {
    mistake: 'Training is to stop by data that it is not given.',
    attempt: () => run([new EarlyStopping()]),
    says: [/EarlyStopping.* watches validation\.loss, and the run has no validation data/, /pass validation/],
  },
  {
    mistake: 'Training is to stop by a metric that is not measured.',
    attempt: () => run([new EarlyStopping({ monitor: 'train.accuracy' })]),
    says: [/EarlyStopping.* watches train\.accuracy, which is not measured/, /there are loss/],
  },
  {
    mistake: 'What is watched has its name in Keras.',
    attempt: () => new EarlyStopping({ monitor: 'val_loss' }),
    says: [/EarlyStopping: monitor/, /train or validation, a dot and a name, not "val_loss"/],
  },
  {
    mistake: 'The schedule follows data that training is not given.',
    attempt: () => fit(model(), { optimizer: optimizer(), losses, train, schedule: new ReduceOnPlateau() }),
    says: [/ReduceOnPlateau watches validation\.loss, and the run has no validation data/, /pass validation/],
  },
  {
    mistake: 'The schedule is a function.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { optimizer: optimizer(), losses, schedule: (step: number) => 1 / step }),
    says: [/Trainer: schedule/, /one such as new CosineSchedule\(\)/],
  },
  {
    mistake: 'A schedule must know the length of a run whose data have none.',
    attempt: () => {
      const endless = {
        *[Symbol.iterator]() {
          yield* train;
        },
      };
      return fit(model(), { optimizer: optimizer(), losses, train: endless, schedule: new CosineSchedule() });
    },
    says: [/CosineSchedule does not know how long the run is/, /give it the option steps/],
  },
  {
    mistake: 'Gradients are to be clipped by a number.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer(model(), { optimizer: optimizer(), losses, clip: 1 }),
    says: [/Trainer: clip/, /\{ norm: 1 \}, or \{ value: 1 \}/],
  },
  {
    mistake: 'A trainer is told to train while it trains.',
    attempt: () => {
      const trainer = new Trainer(model(), { optimizer: optimizer(), losses });
      const fits = [1, 2].map(() =>
        trainer.fit({ train: new DataLoader(new TensorDataset(train[0]), { batchSize: 1 }) }),
      );
      return Promise.all(fits);
    },
    says: [/This trainer is training already/, /wait for that run, or make another trainer/],
  },
  {
    mistake: 'Every layer is frozen.',
    attempt: () => fit(model().build().freeze(), { optimizer: optimizer(), losses, train }),
    says: [
      /backward: the loss depends on no tensor that requires a gradient/,
      /free what is frozen with freeze\(false\)/,
    ],
  },
  {
    mistake: 'The only loss weighs nothing.',
    attempt: () => fit(model(), { optimizer: optimizer(), losses: [{ loss: losses, weight: 0 }], train }),
    says: [/Trainer: every loss has the weight 0/, /give one a weight above 0/],
  },
  {
    mistake: 'Inputs come by name to a model that has no names.',
    attempt: () => fit(model(), { optimizer: optimizer(), losses, train: [{ ...train[0], x: { image: x } }] }),
    says: [/The data gives inputs by name \(image\), and the model takes one tensor/, /give x as one/],
  },
  {
    mistake: 'The network is a list of layers.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new Trainer([new Linear({ outFeatures: 1 }), relu], { optimizer: optimizer(), losses }),
    says: [/Trainer needs a model.* not an array/, /such as new Sequential/],
  },
  {
    mistake: 'The model and the options change places.',
    attempt: () => new Trainer({ optimizer: optimizer(), losses: new CrossEntropy() } as never, model() as never),
    says: [/Trainer takes one object of options.* not an instance of Sequential/, /such as \{ optimizer: … \}/],
  },
];
