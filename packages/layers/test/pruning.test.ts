import { manualSeed, relu, type Tensor, uniform, zeros } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';
import {
  Add,
  clone,
  fromTopology,
  Graph,
  type GraphOptions,
  initialize,
  Linear,
  summary,
  toTopology,
} from '../src/index.js';

beforeEach(() => manualSeed(4));

const make = Graph as unknown as new (options: GraphOptions) => Graph;

/** `after` and `idle`, which feeds it, reach no output. */
const net = (idle: object = {}) =>
  new Graph({
    inputs: { x: [3] },
    nodes: {
      idle: [new Linear({ outFeatures: 7, ...idle }), 'trunk'],
      after: [relu, 'idle'],
      trunk: [new Linear({ outFeatures: 4 }), 'x'],
      y: [relu, 'trunk'],
    },
    outputs: ['y'],
  });

const names = (model: Pick<Graph, 'wiring'>) => model.wiring().map(({ name }) => name);

describe('nodes that reach no output', () => {
  it('are pruned: not run, not trained, not saved', () => {
    let runs = 0;
    const counted = (x: Tensor) => {
      runs++;
      return x;
    };
    const { inputs, nodes, outputs } = net().options;
    const model = new make({ inputs, nodes: { ...nodes, counted: [counted, 'idle'] }, outputs }).build();
    model.run(zeros([1, 3]));
    expect(runs).toBe(0);
    expect(names(model)).toEqual(['trunk', 'y']);
    expect([...model.stateDict().keys()]).toEqual(['trunk.weight', 'trunk.bias']);
    model.keep('counted').run(zeros([1, 3]));
    expect(runs).toBe(1);
  });

  it('are kept once they are outputs', () => {
    const { inputs, nodes } = net().options;
    const model = new make({ inputs, nodes, outputs: ['y', 'idle'] }).build();
    expect(names(model)).toEqual(['trunk', 'idle', 'y']);
  });
});

describe('nodes that are kept', () => {
  const all = ['trunk.weight', 'trunk.bias', 'idle.weight', 'idle.bias'];

  it('are built, with what feeds them, and in the state; outputs stay what they are', () => {
    const model = net().keep('after');
    expect(names(model)).toEqual(['trunk', 'idle', 'after', 'y']);
    expect([...model.stateDict().keys()]).toEqual(all);
    expect(model.run(zeros([2, 3])).shape).toEqual([2, 4]);
    expect(model.outputNames).toEqual(['y']);
    expect(summary(model)).toContain('idle Linear');
  });

  it('leave a model that is built already as it was', () => {
    const model = net().build();
    const before = model.stateDict();
    const numbers = [...before.values()].map((value) => value.toArray());
    const after = model.keep('after').stateDict();
    expect([...after.keys()]).toEqual(all);
    for (const [key, value] of before) expect(after.get(key)).toBe(value);
    expect([...before.values()].map((value) => value.toArray())).toEqual(numbers);
  });

  it('start as what follows them asks', () => {
    const model = net({ init: 'auto', bias: false }).build().keep('after');
    manualSeed(8);
    const weight = model.stateDict().get('idle.weight') as Tensor;
    manualSeed(8);
    expect(weight.toArray()).toEqual(initialize([7, 4], 'kaimingNormal').toArray());
  });

  it('take over the mode of the model', () => {
    const model = net().build().eval().freeze().keep('after');
    const idle = model.modules().get('idle');
    expect(idle?.training).toBe(false);
    expect(model.parameters().map(({ trainable }) => trainable)).toEqual([false, false, false, false]);
    expect(model.train().modules().get('idle')?.training).toBe(true);
  });

  it('are written down and copied with the model', () => {
    const model = net().keep('idle');
    const x = uniform([2, 3]);
    const read = fromTopology(JSON.parse(JSON.stringify(toTopology(model))), { ...layers, relu }) as Graph;
    read.loadStateDict(model.stateDict());
    for (const other of [read, clone(model)]) {
      expect([...other.stateDict().keys()]).toEqual(all);
      expect((other.run(x) as Tensor).toArray()).toEqual(model.run(x).toArray());
    }
  });

  it('are an option too, which lets an input feed them alone', () => {
    const options = {
      inputs: { x: [3], hint: [4] },
      nodes: { y: [new Linear({ outFeatures: 4 }), 'x'], apart: [new Add(), 'y', 'hint'] },
      outputs: ['y'],
    } as const;
    expect(() => new Graph(options)).toThrow(/Input "hint" feeds nothing.*keep that: \{ kept: \['…'\] \}/);
    const model = new Graph({ ...options, kept: ['apart'] });
    expect(names(model)).toEqual(['y', 'apart']);
  });

  it('must be nodes, and fit; those that are part of the model already change nothing', () => {
    const model = net();
    expect(() => model.keep('afterr')).toThrow('"afterr", which is to be kept, is no node; there are idle, after');
    expect(() => new make({ ...net().options, kept: 'idle' as never })).toThrow("kept: ['hint']");
    expect(names(model)).toEqual(['trunk', 'y']);
    const { options } = model;
    expect(model.keep('trunk', 'y').options).toBe(options);
    const { inputs, nodes, outputs } = net({ inFeatures: 9 }).options;
    expect(() => new make({ inputs, nodes, outputs }).build().keep('idle').parameters()).toThrow(/layer "idle"/);
  });
});
