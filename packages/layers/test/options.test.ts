import { relu, ShapeError, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';

const makers = layers as unknown as Record<string, new (options?: object) => layers.AnyModule>;
/** Enough to make one of each. */
const required: Record<string, object> = {
  Linear: { outFeatures: 2 },
  Conv2d: { outChannels: 2, kernelSize: 3 },
  ConvTranspose2d: { outChannels: 2, kernelSize: 3 },
  Conv1d: { outChannels: 2, kernelSize: 3 },
  Conv3d: { outChannels: 2, kernelSize: 3 },
  MaxPool1d: { kernelSize: 2 },
  MaxPool2d: { kernelSize: 2 },
  MaxPool3d: { kernelSize: 2 },
  AvgPool1d: { kernelSize: 2 },
  AvgPool2d: { kernelSize: 2 },
  AvgPool3d: { kernelSize: 2 },
  AdaptiveAvgPool1d: { outputSize: 2 },
  AdaptiveAvgPool2d: { outputSize: 2 },
  GroupNorm: { groups: 1 },
  ZeroPad2d: { padding: 1 },
  Upsample: { scaleFactor: 2 },
  Reshape: { shape: [2, -1] },
  Embedding: { entries: 3, features: 2 },
  Residual: { body: new layers.ReLU() },
  Inception: { branches: [new layers.ReLU()] },
  OneHot: { classes: 3 },
  Permute: { axes: [0, 1] },
};
const containers = ['Module', 'Sequential', 'Graph', 'Lambda'];
const kinds = Object.entries(layers).flatMap(([name, value]) =>
  typeof value === 'function' && value.prototype instanceof layers.Module && !containers.includes(name) ? [name] : [],
);

describe.each(kinds)('%s', (kind) => {
  it('is called as in the code, so that files and drawings are read easily', () => {
    expect(new makers[kind](required[kind] ?? {}).kind).toBe(kind);
  });

  it('refuses an option it does not know, and says which it does', () => {
    const make = () => new makers[kind]({ ...required[kind], kernel_size: 3 });
    expect(make).toThrow(layers.OptionError);
    expect(make).toThrow(`${kind} has no option "kernel_size"; it has `);
    for (const option of Object.keys(required[kind] ?? {})) expect(make).toThrow(option);
  });

  it('refuses an activation, with the remedy', () => {
    const make = () => new makers[kind]({ ...required[kind], activation: 'relu' });
    expect(make).toThrow(`${kind} takes no activation: put it after the layer`);
  });
});

describe('values that make no sense', () => {
  it.each<[kind: string, options: object, message: string]>([
    ['Linear', {}, 'Linear needs outFeatures: new Linear({ outFeatures: … }).'],
    ['Conv2d', { outChannels: 4 }, 'Conv2d needs kernelSize'],
    ['Conv2d', { outChannels: 4, kernelSize: [3, 0] }, 'Conv2d: kernelSize must be'],
    ['Conv2d', { outChannels: 4, kernelSize: [3] }, 'Conv2d: kernelSize must be'],
    ['Conv2d', { outChannels: 4, kernelSize: 3, stride: 0 }, 'Conv2d: stride must be'],
    ['Conv2d', { outChannels: 4, kernelSize: 3, dilation: 1.5 }, 'Conv2d: dilation must be'],
    ['Conv2d', { outChannels: 4, kernelSize: 3, padding: [1, 2, 3] }, 'Conv2d: padding must be'],
    ['Conv2d', { outChannels: 4, kernelSize: 3, padding: [1, 2, 3, -1] }, 'not [1,2,3,-1].'],
    ['Conv2d', { outChannels: 4, kernelSize: 3, padding: 'same', stride: 2 }, "padding 'same' needs stride 1"],
    ['Conv2d', { outChannels: 4, kernelSize: 3, groups: 3 }, 'Conv2d: groups 3 must divide'],
    ['ConvTranspose2d', { outChannels: 4, kernelSize: 3, outputPadding: -1 }, 'ConvTranspose2d: outputPadding must be'],
    ['ConvTranspose2d', { outChannels: 4, kernelSize: 3, padding: -1 }, 'ConvTranspose2d: padding must be'],
    [
      'ConvTranspose2d',
      { outChannels: 4, kernelSize: 3, stride: [3, 1], dilation: 2, outputPadding: 2 },
      'ConvTranspose2d: outputPadding 2 must be less than the stride 1 or the dilation 2.',
    ],
    ['MaxPool2d', { kernelSize: -1 }, 'MaxPool2d: kernelSize must be'],
    ['MaxPool2d', { kernelSize: 2, padding: 'same' }, 'MaxPool2d: padding must be'],
    ['AvgPool2d', { kernelSize: 2, stride: [1, 2, 3] }, 'AvgPool2d: stride must be'],
    [
      'Conv1d',
      { outChannels: 4, kernelSize: [3, 3] },
      'Conv1d: kernelSize must be a whole number of at least 1, not [3,3].',
    ],
    [
      'Conv1d',
      { outChannels: 4, kernelSize: 3, padding: [1, 2, 3] },
      "must be 'valid', 'same', [before, after], a whole",
    ],
    ['Conv1d', { outChannels: 4, kernelSize: 3, padding: 'same', stride: 2 }, "padding 'same' needs stride 1"],
    [
      'Conv3d',
      { outChannels: 4, kernelSize: [3, 3] },
      'Conv3d: kernelSize must be a whole number of at least 1, or three of them [depth, vertical, horizontal], not [3,3].',
    ],
    ['Conv3d', { outChannels: 4, kernelSize: 3, padding: [0, 0, 0, 0] }, '[front, back, top, bottom, left, right]'],
    ['Conv3d', { outChannels: 4, kernelSize: 3, groups: 3 }, 'Conv3d: groups 3 must divide'],
    ['MaxPool1d', { kernelSize: 2, padding: [0, 1] }, "MaxPool1d: padding must be 'valid', a whole number"],
    ['MaxPool3d', { kernelSize: [2, 2] }, 'MaxPool3d: kernelSize must be'],
    ['AvgPool3d', { kernelSize: 2, padding: 'same' }, 'AvgPool3d: padding must be'],
    ['AdaptiveAvgPool2d', { outputSize: [2, 0] }, 'AdaptiveAvgPool2d: outputSize must be'],
    ['GroupNorm', { groups: 3, channels: 4 }, 'GroupNorm: groups 3 must divide the 4 channels.'],
    ['ZeroPad2d', { padding: [1, 2, 3] }, 'ZeroPad2d: padding must be [top, bottom, left, right], a whole number'],
    ['ZeroPad2d', { padding: 'same' }, 'ZeroPad2d: padding must be'],
    ['Upsample', {}, 'Upsample needs either size or scaleFactor: new Upsample({ scaleFactor: 2 }).'],
    ['Upsample', { size: 4, scaleFactor: 2 }, 'Upsample needs either size or scaleFactor'],
    ['Upsample', { size: 2.5 }, 'Upsample: size must be'],
    ['Upsample', { scaleFactor: [2, 0] }, 'Upsample: scaleFactor must be a number above 0'],
    ['Upsample', { scaleFactor: 2, mode: 'cubic' }, "Upsample: mode must be 'nearest' or 'bilinear', not \"cubic\"."],
    ['Upsample', { scaleFactor: 2, alignCorners: true }, "Upsample: alignCorners needs mode 'bilinear'."],
    ['Reshape', { shape: [-1, -1] }, 'Reshape: shape must be'],
    ['HardTanh', { low: 1, high: 1 }, 'HardTanh: low 1 must be less than high 1.'],
    ['Inception', { branches: [] }, 'Inception: branches is an array of one layer or more.'],
    [
      'Permute',
      { axes: [1, 0] },
      "Permute: axes name every axis once, the batch's 0 first, such as [0, 2, 1], not [1,0].",
    ],
    ['Permute', { axes: [0, 2, 2] }, 'Permute: axes name every axis once'],
    ['Lambda', { function: 3 }, 'Lambda needs a function of a tensor: new Lambda({ function: relu }).'],
  ])('%s %o', (kind, options, message) => {
    expect(() => new makers[kind](options)).toThrow(layers.OptionError);
    expect(() => new makers[kind](options)).toThrow(message);
  });

  it.each<[kind: string, options: object, message: string]>([
    ['Linear', { outFeatures: 2.5 }, 'Linear: outFeatures is a whole number from 1, and was given as 2.5.'],
    ['Linear', { outFeatures: 2, inFeatures: 0 }, 'Linear: inFeatures is'],
    ['Flatten', { startAxis: 0 }, 'Flatten: startAxis is'],
    ['Dropout', { dropProbability: 1.5 }, 'Dropout: dropProbability is a number from 0 to 1, and was given as 1.5.'],
    ['BatchNorm1d', { momentum: 2 }, 'BatchNorm1d: momentum is a number from 0 to 1, and was given as 2.'],
    ['BatchNorm2d', { epsilon: -1 }, 'BatchNorm2d: epsilon is a finite number, 0 or more, and was given as -1.'],
    ['LayerNorm', { shape: [3, 0] }, 'LayerNorm: shape is'],
    ['RMSNorm', { shape: 0 }, 'RMSNorm: shape is'],
    ['GroupNorm', { groups: 0 }, 'GroupNorm: groups is'],
    [
      'Dropout2d',
      { dropProbability: -0.1 },
      'Dropout2d: dropProbability is a number from 0 to 1, and was given as -0.1.',
    ],
    ['AdaptiveAvgPool1d', { outputSize: 1.5 }, 'AdaptiveAvgPool1d: outputSize is'],
    ['LeakyReLU', { slope: 'steep' }, 'LeakyReLU: slope is a finite number, and was given as "steep".'],
    ['Embedding', { entries: 0, features: 2 }, 'Embedding: entries is'],
    ['OneHot', { classes: 0 }, 'OneHot: classes is'],
    ['PReLU', { slope: Number.NaN }, 'PReLU: slope is'],
  ])('%s %o', (kind, options, message) => {
    expect(() => new makers[kind](options)).toThrow(RangeError);
    expect(() => new makers[kind](options)).toThrow(message);
  });

  it.each([
    ['relu', 'Names of layers are not known: import relu and give it without quotes.'],
    ['swishh', 'is not a layer: it must be a module or a function of a tensor.'],
    [undefined, 'is not a layer'],
    [layers.ReLU, 'Write new ReLU({ … }).'],
  ])('trap: an unknown activation, %o, throws and is not silently linear', (activation, message) => {
    const layer = activation as never;
    const linear = new layers.Linear({ outFeatures: 2 });
    expect(() => new layers.Sequential([linear, layer])).toThrow(TypeError);
    expect(() => new layers.Sequential([linear, layer])).toThrow(message);
    const nodes = { a: [linear, 'x'], b: [layer, 'a'] } as const;
    expect(() => new layers.Graph({ inputs: { x: [3] }, nodes, outputs: ['b'] })).toThrow(message);
    expect(() => new layers.Inception({ branches: [linear, layer] })).toThrow(message);
  });

  it('trap: an activation option is refused with the remedy, even of no value', () => {
    for (const activation of ['relu', 'swishh', relu, undefined])
      expect(() => new makers.Linear({ outFeatures: 2, activation })).toThrow(
        'Linear takes no activation: put it after the layer, as in [new Linear({ … }), relu].',
      );
  });

  it.each(kinds)('%s takes one object', (kind) => {
    for (const options of [64, null, 'relu', [3]])
      expect(() => new makers[kind](options as never)).toThrow(`${kind} takes one object of options`);
  });

  it('Sequential takes one array, and its options after it', () => {
    const make = layers.Sequential as unknown as new (...args: unknown[]) => layers.Sequential;
    const layer = new layers.ReLU();
    for (const args of [[layer, relu], [], [{ layers: [layer] }]])
      expect(() => new make(...args)).toThrow(
        'Sequential takes its layers as one array: new Sequential([first, second, …]).',
      );
    expect(() => new make([layer], relu)).toThrow('Sequential takes one object of options, such as { input: … }');
  });

  it.each([
    [{}, 'Graph needs inputs'],
    [{ inputs: { x: [2] } }, 'Graph needs nodes'],
    [{ inputs: { x: [2] }, nodes: { y: [relu, 'x'] } }, 'Graph needs outputs'],
    [
      { inputs: { x: [2] }, nodes: { y: relu }, outputs: ['y'] },
      'Graph: node "y" must be a layer and what feeds it: { y: [layer, \'x\'] }.',
    ],
  ])('Graph %o', (options, message) => {
    expect(() => new makers.Graph(options)).toThrow(layers.OptionError);
    expect(() => new makers.Graph(options)).toThrow(message);
  });
});

describe('inputs that do not fit name the layer, the shapes and the remedy, and leave it unbuilt', () => {
  const model = (layer: layers.AnyModule) => new layers.Sequential([layer]);

  it.each([
    [
      new layers.Conv2d(required.Conv2d as never),
      [1, 8, 8],
      'a batch dimension is required: reshape [1, 8, 8] to [1, 1, 8, 8].',
    ],
    [new layers.Conv2d(required.Conv2d as never), [4, 8], 'in layer "0" takes [batch, channels, height, width]'],
    [new layers.Linear(required.Linear as never), [8], 'a batch dimension is required: reshape it to [1, 8].'],
    [
      new layers.MaxPool2d({ kernelSize: 2 }),
      [3, 4, 4],
      'a batch dimension is required: reshape [3, 4, 4] to [1, 3, 4, 4].',
    ],
    [new layers.MaxPool2d({ kernelSize: 5 }), [1, 3, 4, 4], "the window's height is 5, the padded image's only 4"],
    [
      new layers.Conv1d(required.Conv1d as never),
      [3, 8],
      'a batch dimension is required: reshape [3, 8] to [1, 3, 8].',
    ],
    [new layers.Conv1d(required.Conv1d as never), [1, 3, 2], "the window's length is 3, the padded input's only 2"],
    [new layers.Conv3d(required.Conv3d as never), [1, 2, 8, 8], 'takes [batch, channels, depth, height, width]'],
    [
      new layers.Conv3d(required.Conv3d as never),
      [1, 2, 2, 8, 8],
      "the window's depth is 3, the padded input's only 2",
    ],
    [new layers.MaxPool1d({ kernelSize: 2 }), [3, 4], 'a batch dimension is required: reshape [3, 4] to [1, 3, 4].'],
    [new layers.AvgPool3d({ kernelSize: 2 }), [1, 3, 4, 4], 'reshape [1, 3, 4, 4] to [1, 1, 3, 4, 4].'],
    [
      new layers.MaxPool3d({ kernelSize: [1, 5, 1] }),
      [1, 3, 4, 4, 4],
      "the window's height is 5, the padded input's only 4",
    ],
    [new layers.GlobalAveragePool1d(), [3, 4], 'reshape [3, 4] to [1, 3, 4].'],
    [new layers.AdaptiveAvgPool2d({ outputSize: 2 }), [3, 4, 4], 'reshape [3, 4, 4] to [1, 3, 4, 4].'],
    [new layers.Dropout2d(), [3, 4, 4], 'reshape [3, 4, 4] to [1, 3, 4, 4].'],
    [new layers.ZeroPad2d({ padding: 1 }), [3, 4, 4], 'reshape [3, 4, 4] to [1, 3, 4, 4].'],
    [new layers.Upsample({ scaleFactor: 2 }), [3, 4], 'x must be [batch, channels, height, width]; reshape it.'],
    [new layers.Upsample({ scaleFactor: 0.2 }), [1, 3, 4, 4], 'y would be 0 pixels for 4'],
    [new layers.GroupNorm({ groups: 2, channels: 4 }), [2, 6, 3], 'takes [batch, 4, ...] and was given [2, 6, 3]'],
    [new layers.RMSNorm({ shape: 3 }), [2, 4], 'takes [batch, ..., 3] and was given [2, 4]'],
    [new layers.GlobalAveragePool2d(), [3, 4, 4], 'reshape [3, 4, 4] to [1, 3, 4, 4].'],
    [
      new layers.BatchNorm2d(),
      [2, 3],
      'BatchNorm2d in layer "0" takes [batch, channels, height, width] and was given [2, 3]',
    ],
    [new layers.BatchNorm1d(), [2, 3, 4, 5], 'takes [batch, features] or [batch, features, length]'],
    [new layers.LayerNorm({ shape: [3, 4] }), [2, 4, 3], 'takes [batch, ..., 3, 4] and was given [2, 4, 3]'],
    [
      new layers.Reshape({ shape: [2, 3] }),
      [4, 5],
      'samples of [5] (5 elements) do not fit [2, 3]; give a shape of as many elements.',
    ],
    [new layers.Flatten({ startAxis: 5 }), [2, 3, 4, 5], 'startAxis 5 is none of [2, 3, 4, 5], which has axes 0 to 3'],
    [
      new layers.Reshape({ shape: [2, -1] }),
      [4, 5],
      'samples of [5] (5 elements) do not fit [2, -1]; give a shape of as many elements.',
    ],
  ])('%o on %o', (layer, shape, message) => {
    const run = () => model(layer as layers.AnyModule).run(zeros(shape));
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
    expect(run).toThrow('in layer "0"');
  });

  it('takes the right input after a wrong one', () => {
    const layer = new layers.Conv2d({ outChannels: 2, kernelSize: 3 });
    expect(() => layer.run(zeros([5, 8, 8]))).toThrow(ShapeError);
    expect(layer.run(zeros([1, 5, 8, 8])).shape).toEqual([1, 2, 6, 6]);
  });

  it('keeps to the sizes it was given', () => {
    const layer = new layers.Linear({ outFeatures: 2, inFeatures: 3 });
    expect(() => layer.run(zeros([1, 4]))).toThrow('x must be [batch, ..., 3]');
    const conv = new layers.Conv2d({ outChannels: 2, kernelSize: 1, inChannels: 3 });
    expect(() => conv.run(zeros([1, 4, 2, 2]))).toThrow('x has 4 channels, and w expects 3');
  });

  it('asks for whole indices', () => {
    const layer = new layers.Embedding({ entries: 3, features: 2 });
    expect(() => layer.run(zeros([2, 2]))).toThrow('indices must be i32, not f32; convert them with cast.');
  });
});

describe('sizes that are known need no input', () => {
  it('Linear with inFeatures, BatchNorm with features and Embedding make their parameters when asked', () => {
    expect(new layers.Linear({ outFeatures: 2, inFeatures: 3 }).namedParameters().get('weight')?.shape).toEqual([2, 3]);
    expect(new layers.BatchNorm2d({ features: 4 }).stateDict().get('running_mean')?.shape).toEqual([4]);
    expect(new layers.Embedding({ entries: 5, features: 2 }).parameters()[0].shape).toEqual([5, 2]);
  });

  it('Conv2d with inChannels makes its parameters when asked, and takes larger images', () => {
    const layer = new layers.Conv2d({ outChannels: 4, inChannels: 6, kernelSize: [5, 3], dilation: [1, 4], groups: 2 });
    expect(layer.parameters().map(({ shape }) => shape)).toEqual([[4, 3, 5, 3], [4]]);
    expect(layer.run(zeros([2, 6, 20, 30])).shape).toEqual([2, 4, 16, 22]);
  });

  it('Conv1d, Conv3d and GroupNorm do so too', () => {
    const sequence = new layers.Conv1d({ outChannels: 4, inChannels: 6, kernelSize: 3, dilation: 2, groups: 2 });
    expect(sequence.parameters().map(({ shape }) => shape)).toEqual([[4, 3, 3], [4]]);
    const volume = new layers.Conv3d({ outChannels: 4, inChannels: 2, kernelSize: [2, 3, 1] });
    expect(volume.parameters().map(({ shape }) => shape)).toEqual([[4, 2, 2, 3, 1], [4]]);
    expect(volume.run(zeros([1, 2, 4, 5, 6])).shape).toEqual([1, 4, 3, 3, 6]);
    expect(new layers.GroupNorm({ groups: 2, channels: 6 }).parameters().map(({ shape }) => shape)).toEqual([[6], [6]]);
  });

  it('ConvTranspose2d with inChannels makes its parameters when asked, however much it cuts off', () => {
    const options = { outChannels: 4, inChannels: 6, kernelSize: [5, 3], stride: 2, groups: 2 } as const;
    const layer = new layers.ConvTranspose2d({ ...options, padding: [3, 7] });
    expect(layer.parameters().map(({ shape }) => shape)).toEqual([[6, 2, 5, 3], [4]]);
    expect(layer.run(zeros([2, 6, 20, 30])).shape).toEqual([2, 4, 37, 47]);
  });

  it('Linear without them says what to do', () => {
    expect(() => new layers.Linear({ outFeatures: 2 }).parameters()).toThrow(layers.UnbuiltError);
  });
});
