import { relu } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  Add,
  BatchNorm1d,
  Conv2d,
  Flatten,
  GlobalAveragePool2d,
  Graph,
  Linear,
  MaxPool2d,
  Sequential,
  summary,
} from '../src/index.js';

const lenet = () =>
  new Sequential(
    [
      new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Conv2d({ outChannels: 16, kernelSize: 5 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Flatten(),
      new Linear({ outFeatures: 120 }),
      relu,
      new Linear({ outFeatures: 84 }),
      relu,
      new Linear({ outFeatures: 10 }),
    ],
    { input: [1, 28, 28] },
  );

describe('summary', () => {
  it('tells layers, output shapes, parameters, multiply-adds and totals', () => {
    expect(
      summary(lenet())
        .split('\n')
        .map((line) => line.replace(/\s+/g, ' ').trim()),
    ).toEqual([
      'layer output parameters multiply-adds',
      expect.stringMatching(/^─+$/),
      'Sequential [10]',
      '0 Conv2d [6, 28, 28] 156 117 600',
      '1 relu [6, 28, 28] 0 0',
      '2 MaxPool2d [6, 14, 14] 0 0',
      '3 Conv2d [16, 10, 10] 2 416 240 000',
      '4 relu [16, 10, 10] 0 0',
      '5 MaxPool2d [16, 5, 5] 0 0',
      '6 Flatten [400] 0 0',
      '7 Linear [120] 48 120 48 000',
      '8 relu [120] 0 0',
      '9 Linear [84] 10 164 10 080',
      '10 relu [84] 0 0',
      '11 Linear [10] 850 840',
      expect.stringMatching(/^─+$/),
      'parameters: 61 706 (61 706 trainable), 246.8 kB',
      'multiply-adds for one sample: 416 520',
    ]);
  });

  it('counts shared parameters once, and says so', () => {
    const shared = new Linear({ outFeatures: 4 });
    const net = new Graph({
      inputs: { a: [4], b: [4] },
      nodes: { left: [shared, 'a'], right: [shared, 'b'], both: [new Add(), 'left', 'right'] },
      outputs: ['both'],
    });
    const text = summary(net);
    expect(text.match(/Linear +\[4\] +20 +16$/m)).not.toBeNull();
    expect(text.match(/Linear +\[4\] +shared +16$/m)).not.toBeNull();
    expect(text).toContain('parameters: 20 (20 trainable)');
    expect(text).toContain('multiply-adds for one sample: 32');
  });

  it('tells frozen parameters', () => {
    const model = new Sequential([
      new Linear({ outFeatures: 3 }).freeze(),
      new BatchNorm1d(),
      new Linear({ outFeatures: 2 }),
    ]);
    const text = summary(model, [5]);
    expect(text).toMatch(/0 Linear +\[3\] +frozen 18 +15$/m);
    expect(text).toMatch(/1 BatchNorm1d +\[3\] +6 +0$/m);
    expect(text).toContain('parameters: 32 (14 trainable)');
  });

  it('leaves the model in the mode it was in, statistics untouched', () => {
    const model = new Sequential([new BatchNorm1d()]);
    summary(model, [5]);
    expect(model.training).toBe(true);
    expect(model.stateDict().get('0.num_batches_tracked')?.item()).toBe(0);
  });

  it('asks for the input it does not know', () => {
    expect(() => summary(new Sequential([new GlobalAveragePool2d()]))).toThrow(
      'give the shape: summary(model, [1, 28, 28])',
    );
    expect(() => summary(new Sequential([new Linear({ outFeatures: 2 })]))).toThrow('build([...])');
  });
});
