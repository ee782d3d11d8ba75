import {
  Adam,
  AdamW,
  backward,
  CosineSchedule,
  ExponentialSchedule,
  fit,
  Linear,
  LinearWarmup,
  MeanSquaredError,
  MultiStepSchedule,
  mean,
  OneCycleSchedule,
  ReduceOnPlateau,
  Sequential,
  SGD,
  StepSchedule,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const model = () =>
  new Sequential([new Linear({ outFeatures: 1 }), new Linear({ outFeatures: 1 })], { input: [2] }).build();
const gradientsOf = (network: ReturnType<typeof model>) => backward(mean(network.run(zeros([4, 2]))));

export const optimizersAndSchedules: readonly Mistake[] = [
  {
    mistake: 'The learning rate is negative.',
    attempt: () => new Adam({ learningRate: -0.001 }),
    says: [/Adam: learningRate/, /a finite number, 0 or more, and was given as -0.001/],
  },
  {
    mistake: 'The learning rate became NaN on its way.',
    attempt: () => {
      const optimizer = new SGD();
      optimizer.learningRate = 0 / 0;
    },
    says: [/SGD: learningRate/, /a finite number, 0 or more, and was given as NaN/],
  },
  {
    mistake: 'A mean forgets nothing.',
    attempt: () => new AdamW({ beta1: 1 }),
    says: [/AdamW: beta1/, /a number from 0 up to, but not, 1/],
  },
  {
    mistake: 'Nesterov’s momentum has no momentum.',
    attempt: () => new SGD({ nesterov: true }),
    says: [/SGD: nesterov/, /needs a momentum above 0/],
  },
  {
    mistake: 'Weight decay is to spare what it cannot name.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new AdamW({ decay: 'bias' }),
    says: [/AdamW: decay/, /'weights' or 'all', not "bias"/],
  },
  {
    mistake: 'Parameters are given to the optimizer as in PyTorch.',
    attempt: () => new Adam({ parameters: model().parameters() as never }),
    says: [/Adam: parameters is a list of groups/, /leave it out to train every parameter/],
  },
  {
    mistake: 'A group has the parameters of a layer without any.',
    attempt: () => new SGD({ parameters: [{ parameters: [], learningRate: 1 }] }),
    says: [/SGD: parameters\[0\] has no parameters/, /pass layer.parameters\(\)/],
  },
  {
    mistake: 'A parameter is in two groups.',
    attempt: () => {
      const parameters = model().parameters();
      return new SGD({ parameters: [{ parameters }, { parameters: parameters.slice(0, 1), learningRate: 1 }] });
    },
    says: [/SGD: parameters\[1\] has a parameter that stands in another group too/, /leave it out of one/],
  },
  {
    mistake: 'An option of a group is misspelt.',
    attempt: () => new SGD({ parameters: [{ parameters: model().parameters(), rate: 1 } as never] }),
    says: [/SGD: parameters\[0\] has no option "rate"/, /it has parameters, learningRate/],
  },
  {
    mistake: 'The optimizer of one network is given the gradients of another.',
    attempt: () => {
      const [mine, other] = [model(), model()];
      new SGD({ parameters: [{ parameters: mine.parameters() }] }).step(gradientsOf(other));
    },
    says: [/SGD.step: none of the gradients is that of a parameter in its groups/, /is this the right loss\?/],
  },
  {
    mistake: 'The optimizer is given the loss.',
    attempt: () => new SGD().step(mean(model().run(zeros([4, 2]))) as never),
    says: [/SGD.step takes gradients/, /step\(backward\(loss\)\)/],
  },
  {
    mistake: 'The state of another kind of optimizer is loaded.',
    attempt: () => {
      const names = model().namedParameters();
      new Adam().loadState(new SGD().state(names), names);
    },
    says: [/The state is that of SGD, and this optimizer is Adam/, /make it the same kind/],
  },
  {
    mistake: 'A schedule is used without a Trainer, and nothing says how long the run is.',
    attempt: () => new OneCycleSchedule().at(1000),
    says: [/OneCycleSchedule does not know how long the cycle is/, /give it the option steps/],
  },
  {
    mistake: 'The warm-up ends after the run.',
    attempt: () => new CosineSchedule({ steps: 100, warmup: 500 }),
    says: [/CosineSchedule: a warmup of 500 would not end within the 100 steps/, /make it shorter/],
  },
  {
    mistake: 'A run goes on past the end of its schedule.',
    attempt: () =>
      fit(model(), {
        optimizer: new SGD(),
        losses: new MeanSquaredError(),
        train: [{ x: zeros([4, 2]), y: zeros([4, 1]) }],
        schedule: new CosineSchedule({ steps: 3 }),
        epochs: 10,
      }),
    says: [/CosineSchedule is at its end after 3 steps, and the run has 10/, /leave out the option steps/],
  },
  {
    mistake: 'A run goes on past the end of its cycle.',
    attempt: () => new OneCycleSchedule({ steps: 3, per: 'epoch' }).at(0, 5),
    says: [/OneCycleSchedule is at its end after 3 epochs, and the run has 5/, /or make it as large/],
  },
  {
    mistake: 'The warm-up has no length.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new LinearWarmup({ from: 0.1 }),
    says: [/LinearWarmup needs the option steps/, /how long the rise is/],
  },
  {
    mistake: 'The warm-up counts steps, and what follows it epochs.',
    attempt: () => new LinearWarmup({ steps: 5, next: new StepSchedule({ every: 1, per: 'epoch' }) }),
    says: [/LinearWarmup counts each step and its next, StepSchedule, each epoch/, /give both the same per/],
  },
  {
    mistake: 'A schedule drops, and does not know when.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new StepSchedule({ factor: 0.1 }),
    says: [/StepSchedule needs the option every/, /how often the rate drops/],
  },
  {
    mistake: 'Milestones are out of order.',
    attempt: () => new MultiStepSchedule({ milestones: [80, 30] }),
    says: [/MultiStepSchedule: milestones/, /rise, and 30 follows 80/],
  },
  {
    mistake: 'A schedule counts batches.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new ExponentialSchedule({ factor: 0.9, per: 'batch' }),
    says: [/ExponentialSchedule: per/, /'step' or 'epoch', not "batch"/],
  },
  {
    mistake: 'A rate that falls by an accuracy is not told that more is better.',
    attempt: () => new ReduceOnPlateau({ monitor: 'validation.accuracy' }),
    says: [/ReduceOnPlateau: say whether small values of validation.accuracy are better/, /mode: 'max'/],
  },
];
