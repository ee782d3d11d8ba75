import { type AnyModule, Graph, L2, Lambda, Linear, Module, ReLU, Sequential, UnbuiltError } from '@nn/layers';
import { ActivityPenalty, CosineEmbedding, CrossEntropy, MeanSquaredError } from '@nn/losses';
import { Accuracy, TopK } from '@nn/metrics';
import { Adam, CosineSchedule, SGD } from '@nn/optim';
import {
  add,
  backward,
  explain,
  ones,
  profile,
  relu,
  square,
  startProfile,
  sum,
  type Tensor,
  tensor,
} from '@nn/tensor';
import { Trainer } from '@nn/train';
import { expect, test } from 'vitest';
import { drawing } from '../src/index.js';
import { sizeOfPng, textsOf } from './svg.js';

const nodes = (svg: string) => svg.match(/class="node"/g)?.length ?? 0;
const edges = (svg: string) => svg.match(/class="edge"/g)?.length ?? 0;

test('a box a layer: name, kind, options, shapes, parameters', async () => {
  const svg = await drawing(
    new Sequential([new Linear({ outFeatures: 300 }), relu, new Linear({ outFeatures: 10, bias: false })], {
      input: [784],
    }),
  );
  expect(textsOf(svg)).toEqual([
    'Sequential, 238 500 parameters',
    ...['input', '[784]'],
    ...['0 Linear', 'out features 300', '[784] → [300]', '235 500 parameters'],
    ...['1 relu', '[300]'],
    ...['2 Linear', 'out features 10, bias false', '[300] → [10]', '3 000 parameters'],
    ...['output', '[10]'],
  ]);
  expect([nodes(svg), edges(svg)]).toEqual([5, 4]);
});

test('a graph shows its wires, its nodes by name, and networks inside it in a frame', async () => {
  const model = new Graph({
    inputs: { left: [4], right: [4] },
    nodes: {
      trunk: [new Sequential([new Linear({ outFeatures: 3 }), new ReLU()]), 'left'],
      other: [new Linear({ outFeatures: 3 }), 'right'],
      sum: [new Sum({}), 'trunk', 'other'],
    },
    outputs: ['sum', 'other'],
  });
  const svg = await drawing(model, { title: 'Two <inputs>' });
  const texts = textsOf(svg);
  expect(texts).toEqual(
    expect.arrayContaining([
      'Two <inputs>',
      'left',
      'right',
      'trunk (Sequential)',
      'trunk.0 Linear',
      'trunk.1 ReLU',
      'other Linear',
    ]),
  );
  expect(texts).toEqual(expect.arrayContaining(['sum Sum', '[3], [3] → [3]', 'sum', 'other']));
  expect([nodes(svg), edges(svg)]).toEqual([8, 7]);
  expect(svg.match(/class="cluster"/g)).toHaveLength(1);
  const dot = await drawing(model, { format: 'dot' });
  expect(dot.match(/->/g)).toHaveLength(7);
});

test('shared weights are marked on every box that has them', async () => {
  const shared = new Linear({ outFeatures: 2 });
  const svg = await drawing(
    new Graph({
      inputs: { x: [2] },
      nodes: { a: [shared, 'x'], b: [shared, 'a'], c: [new Linear({ outFeatures: 2 }), 'b'] },
      outputs: ['c'],
    }),
  );
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['weights shared with b Linear', 'weights shared with a Linear']),
  );
  expect(textsOf(svg).filter((text) => text.startsWith('weights shared'))).toHaveLength(2);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
  expect(textsOf(svg)).toContain('Graph, 12 parameters');
});

test('frozen parameters are named', async () => {
  const model = new Sequential([new Linear({ outFeatures: 2 }).freeze(), new Linear({ outFeatures: 1 })], {
    input: [3],
  });
  expect(textsOf(await drawing(model))).toEqual(
    expect.arrayContaining(['8 parameters, frozen', '3 parameters', 'Sequential, 11 parameters, 8 frozen']),
  );
});

test('a module of another kind is one box, whatever is inside', async () => {
  const svg = await drawing(new Sequential([new Block({})], { input: [3] }));
  expect(textsOf(svg)).toEqual([
    'Sequential, 24 parameters',
    'input',
    '[3]',
    '0 Block',
    '[3]',
    '24 parameters',
    'output',
    '[3]',
  ]);
});

test('each output of a module that gives several has its place', async () => {
  const svg = await drawing(new Sequential([new Linear({ outFeatures: 3 }), new Heads({})], { input: [4] }));
  expect(textsOf(svg).slice(-7)).toEqual([
    '1 Heads',
    '[3] → [3], [1]',
    '4 parameters',
    'output',
    '[3]',
    'output 2',
    '[1]',
  ]);
  expect([nodes(svg), edges(svg)]).toEqual([5, 4]);
});

test('a single layer is drawn with the shape given, and asks for it', async () => {
  const layer = new Linear({ outFeatures: 2 });
  await expect(drawing(layer)).rejects.toThrow(UnbuiltError);
  expect(textsOf(await drawing(layer, { inputs: [[3]] }))).toEqual(
    expect.arrayContaining(['Linear, 8 parameters', '[3] → [2]', 'input', 'output']),
  );
});

test('names cannot break the drawing', async () => {
  const name = `a"b<c>&\\n'; } digraph`;
  const model = new Graph({
    inputs: { x: [1] },
    nodes: { [name]: [new Lambda({ function: relu }), 'x'] },
    outputs: [name],
  });
  expect(textsOf(await drawing(model))).toEqual(expect.arrayContaining([`${name} relu`, name]));
});

test('SVG, PNG and DOT', async () => {
  const model = new Sequential([relu], { input: [3] });
  const svg = await drawing(model);
  expect(svg).toMatch(/^<\?xml.*<svg.*<\/svg>\s*$/s);
  expect(svg).toContain('font-family="DejaVu Sans, Verdana, sans-serif"');
  expect(await drawing(model, { format: 'dot' })).toMatch(/^digraph "network" \{.*\}\s*$/s);
  const [width, height] = sizeOfPng(await drawing(model, { format: 'png' }));
  const points = svg.match(/width="(\d+)pt" height="(\d+)pt"/);
  expect(width / height).toBeCloseTo(Number(points?.[1]) / Number(points?.[2]), 1);
  expect(width).toBeGreaterThan(Number(points?.[1]));
});

test('a trainer shows what judges each output, and the optimizer with its settings', async () => {
  const model = new Graph({
    inputs: { x: [4] },
    nodes: { digit: [new Linear({ outFeatures: 3 }), 'x'], size: [new Linear({ outFeatures: 1 }), 'x'] },
    outputs: ['digit', 'size'],
  });
  const trainer = new Trainer(model as unknown as AnyModule, {
    optimizer: new Adam({ learningRate: 0.01, weightDecay: 0.1 }),
    losses: {
      digit: new CrossEntropy({ labelSmoothing: 0.2 }),
      size: { loss: new MeanSquaredError(), weight: 0.3 },
    },
    metrics: { digit: [new Accuracy(), new TopK({ k: 2 })] },
    schedule: new CosineSchedule({ warmup: 5 }),
    clip: { norm: 1 },
  });
  const svg = await drawing(trainer);
  const boxes = [
    ['target of digit', 'CrossEntropy', 'label smoothing 0.2'],
    ['target of size', 'MeanSquaredError', 'weight 0.3'],
    ['accuracy', 'top2', 'k 2'],
    ['Adam', 'learning rate 0.01, weight decay 0.1', 'CosineSchedule, warmup 5', 'gradients clipped by norm 1'],
  ];
  expect(textsOf(svg)).toEqual(expect.arrayContaining(boxes.flat()));
  const [inModel, targets, judges, optimizer] = [5, 2, 4, 1];
  expect(nodes(svg)).toBe(inModel + targets + judges + optimizer);
  expect(edges(svg)).toBe(4 + 2 * judges + 2);
  const single = new Trainer(new Sequential([relu], { input: [2] }), {
    optimizer: new SGD(),
    losses: new MeanSquaredError(),
  });
  expect(textsOf(await drawing(single))).toEqual(
    expect.arrayContaining(['target', 'MeanSquaredError', 'SGD', 'learning rate 0.001']),
  );
});

test('a trainer shows its regularisers, which the optimizer sees as it does losses', async () => {
  const of = (regularizers: L2[]) =>
    drawing(
      new Trainer(new Sequential([new Linear({ outFeatures: 3 })], { input: [2] }), {
        optimizer: new SGD(),
        losses: new MeanSquaredError(),
        regularizers,
      }),
    );
  const [without, with2] = [await of([]), await of([new L2({ strength: 0.1 }), new L2({ of: 'all', name: 'every' })])];
  expect(textsOf(with2)).toEqual(expect.arrayContaining(['L2', 'strength 0.1', 'of all, name every']));
  expect([nodes(with2) - nodes(without), edges(with2) - edges(without)]).toEqual([2, 2]);
});

test('a profile colours boxes by their time, and says it', async () => {
  const model = new Sequential([new Linear({ outFeatures: 64 }), relu, new Block({})], { input: [64] });
  const trainer = new Trainer(model, { optimizer: new SGD(), losses: new MeanSquaredError() });
  const batch = { x: ones([16, 64]), y: ones([16, 3]) };
  await trainer.fit({ train: [batch, batch, batch] });
  const profiling = startProfile();
  await trainer.fit({ train: [batch, batch] });
  const profile = profiling.stop();

  const svg = await drawing(trainer, { profile });
  const texts = textsOf(svg);
  const shareAfter = (title: string) => {
    const rest = texts.slice(texts.indexOf(title));
    return Number(rest.find((text) => / ms, /.test(text))?.match(/^[\d.e-]+ ms, ([\d.]+) %$/)?.[1]);
  };
  const boxes = ['0 Linear', '1 relu', '2 Block', 'MeanSquaredError', 'SGD'];
  const outside = Number(texts[1].match(/^[\d.]+ ms, ([\d.]+) % of it outside these boxes$/)?.[1]);
  const shares = boxes.map(shareAfter);
  expect(shares.reduce((sum, share) => sum + share, outside)).toBeCloseTo(100, 0);
  expect(outside).toBeLessThan(50);
  const linear = profile.by('layer').filter(({ name }) => /^0( |$)/.test(name));
  expect(shareAfter('0 Linear')).toBeCloseTo(100 * linear.reduce((sum, { share }) => sum + share, 0), 0);

  const fills = [...svg.matchAll(/<path fill="(#\w+)" stroke="#64748b"/g)].map(([, fill]) => fill);
  expect(fills.filter((fill) => fill === '#fb923c')).toHaveLength(1);
  expect(new Set(fills).size).toBeGreaterThan(3);
  expect(textsOf(await drawing(trainer)).some((text) => / ms, /.test(text))).toBe(false);
});

test('gradients colour boxes by the length of their own, and say it', async () => {
  const model = new Sequential(
    [
      new Linear({ outFeatures: 1, bias: false }),
      relu,
      new Linear({ outFeatures: 1 }),
      new Linear({ outFeatures: 1 }).freeze(),
    ],
    { input: [2] },
  );
  const [first, second, , third] = model.parameters();
  for (const parameter of [first, second, third]) parameter.assign(ones(parameter.shape));
  const x = tensor([[3, 4]]);
  const gradients = backward(sum(model.run(x)));
  const texts = textsOf(await drawing(model, { gradients }));
  const after = (title: string) => texts.slice(texts.indexOf(title)).find((text) => /gradient/.test(text));
  expect(after('0 Linear')).toBe('gradient norm 5');
  expect(after('2 Linear')).toBe(`gradient norm ${Number(Math.hypot(7, 1).toPrecision(3))}`);
  expect(after('3 Linear')).toBe('no gradient');
  expect(texts[1]).toBe(`gradient norm ${Number(Math.hypot(5, 7, 1).toPrecision(3))}`);
  const fills = [...(await drawing(model, { gradients })).matchAll(/<path fill="(#\w+)"/g)].map(([, fill]) => fill);
  expect(fills.filter((fill) => fill === '#fb923c')).toHaveLength(1);
  expect(fills.filter((fill) => fill !== '#fb923c' && fill !== '#f8fafc')).toHaveLength(1);

  const other = backward(sum(square(new Linear({ outFeatures: 1 }).run(x))));
  await expect(drawing(model, { gradients: other })).rejects.toThrow(/no parameter of this model has one/);
  await expect(drawing(model, { gradients, profile: profile(() => model.run(x)) })).rejects.toThrow(/both colour/);
});

test('a trainer of a frozen network is drawn without what trains it', async () => {
  const model = new Sequential([new Linear({ outFeatures: 1 })], { input: [2] });
  const trainer = new Trainer(model, {
    optimizer: new SGD(),
    losses: new MeanSquaredError(),
    metrics: [new Accuracy()],
  });
  expect(textsOf(await drawing(trainer))).toEqual(
    expect.arrayContaining(['target', 'MeanSquaredError', 'accuracy', 'SGD']),
  );
  model.freeze();
  const frozen = textsOf(await drawing(trainer));
  expect(frozen).toEqual(textsOf(await drawing(model)));
  expect(frozen).toContain('3 parameters, frozen');
  expect(frozen).not.toContain('SGD');
});

test('an explanation is drawn: a box an op and one a tensor, with values, rules and gradients', async () => {
  const model = new Sequential([new Linear({ outFeatures: 1, bias: false })], { input: [2] });
  const [weight] = model.parameters();
  weight.assign(tensor([[2, -1]]));
  const x = tensor([[3, 4]]);
  const loss = sum(square(add(model.run(x), 1)));
  const explanation = explain(loss, { names: [['x', x], ...model.namedParameters()] });
  const svg = await drawing(explanation);
  const texts = textsOf(svg);
  expect(texts.map((text) => text.trim())).toEqual(
    expect.arrayContaining([
      ...['x', '[1, 2]: 3 4'],
      ...['0.weight', '[1, 2]: 2 -1', 'gradient [1, 2]: 18 24'],
      ...['3 square', 'y = [1, 1]: 9', 'dy = [1, 1]: 1', 'dx = multiply(dy, multiply(x, 2))', '= [1, 1]: 6'],
      ...['2 add', 'b = 1', 'y = [1, 1]: 3', 'dy = [1, 1]: 6', 'da = dy'],
    ]),
  );
  const ops = explanation.ops.length;
  expect(nodes(svg)).toBe(
    ops + explanation.ops.flatMap(({ inputs }) => inputs).filter(({ source }) => typeof source === 'string').length,
  );
  expect(await drawing(explanation, { format: 'dot' })).toMatch(/"op 2" -> "op 3"/);
  await expect(drawing(explanation, { gradients: explanation.gradients })).rejects.toThrow(/of an explanation/);
});

test('of a model that is one layer, what lies inside counts', async () => {
  const model = new Block({});
  model.build([4]);
  const x = ones([2, 4]);
  const repeated = profile(() => model.run(x), { repeats: 5 });
  const texts = textsOf(await drawing(model, { profile: repeated, inputs: [[4]] }));
  expect(texts[1]).toMatch(/^[\d.e-]+ ms a run, 0\.0 % of it outside these boxes$/);
  expect(texts).toEqual(expect.arrayContaining([expect.stringMatching(/^[\d.e-]+ ms a run, 100\.0 %$/)]));
});

class Sum extends Module<object, [Tensor, Tensor]> {
  static override readonly kind = 'Sum';
  protected forward(a: Tensor, b: Tensor): Tensor {
    return add(a, b);
  }
}

class Heads extends Module<object, [Tensor], { digit: Tensor; size: Tensor }> {
  static override readonly kind = 'Heads';
  readonly size = new Linear({ outFeatures: 1 });
  protected forward(x: Tensor) {
    return { digit: relu(x), size: this.size.run(x) };
  }
}

class Block extends Module<object> {
  static override readonly kind = 'Block';
  readonly first = new Linear({ outFeatures: 3 });
  readonly second = new Linear({ outFeatures: 3 });
  protected forward(x: Tensor): Tensor {
    return this.second.run(relu(this.first.run(x)));
  }
}

test('a loss hangs on the outputs and nodes that it takes, and on a target only where it takes one', async () => {
  const model = new Graph({
    inputs: { x: [4] },
    nodes: { hidden: [new ReLU(), 'x'], left: [new ReLU(), 'hidden'], right: [new ReLU(), 'x'] },
    outputs: ['left', 'right'],
  });
  const losses = {
    left: new MeanSquaredError(),
    sparsity: { loss: new ActivityPenalty({ l1: 0.5 }), of: 'hidden' },
    same: { loss: new CosineEmbedding(), of: ['left', 'right'], target: 'likeness' },
  };
  const svg = await drawing(new Trainer(model, { optimizer: new SGD(), losses }));
  const targets = textsOf(svg).filter((text) => text.startsWith('target'));
  expect(targets).toEqual(['target of left', 'target likeness']);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['ActivityPenalty', 'l1 0.5', 'reported as sparsity']));
  expect(textsOf(svg).filter((text) => text.startsWith('reported'))).toHaveLength(2);
  // 3 layers are fed, 2 outputs; the losses take 2, 1 and 3, and go to the optimizer.
  expect(edges(svg)).toBe(3 + 2 + 6 + 3);
});

test('losses in a list hang on the only output', async () => {
  const losses = [new CrossEntropy(), { loss: new ActivityPenalty({ l2: 1 }), weight: 0.1 }];
  const model = new Sequential([new Linear({ outFeatures: 2 })], { input: [3] });
  const svg = await drawing(new Trainer(model, { optimizer: new SGD(), losses }));
  expect(textsOf(svg).filter((text) => text.startsWith('target'))).toEqual(['target']);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['CrossEntropy', 'ActivityPenalty', 'weight 0.1']));
  expect(edges(svg)).toBe(2 + 3 + 2);
});
