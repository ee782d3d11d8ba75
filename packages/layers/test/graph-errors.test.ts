import { relu, ShapeError, type Tensor, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  Add,
  CycleError,
  DuplicateNameError,
  Graph,
  GraphError,
  type GraphOptions,
  InputCountError,
  Linear,
  NoInputsError,
  NoOutputsError,
  Sequential,
  Subtract,
  UnbuiltError,
  UnconnectedNodeError,
  UnknownWireError,
} from '../src/index.js';

const make = Graph as unknown as new (options: GraphOptions) => Graph;
const x = { x: [3] };

describe('a network that is wired wrongly says which node, and what to do', () => {
  it.each<[string, GraphOptions, new (...args: never[]) => Error, string]>([
    [
      'a name of an input and a node',
      { inputs: x, nodes: { x: [relu, 'x'] }, outputs: ['x'] },
      DuplicateNameError,
      '"x" names both an input and a node; rename one.',
    ],
    [
      'an output named twice',
      { inputs: x, nodes: { y: [relu, 'x'] }, outputs: ['y', 'y'] },
      DuplicateNameError,
      'Output "y" is named twice; remove one.',
    ],
    [
      'no inputs',
      { inputs: {}, nodes: { y: [relu, 'x'] }, outputs: ['y'] },
      NoInputsError,
      'name at least one, with its shape',
    ],
    [
      'no outputs',
      { inputs: x, nodes: { y: [relu, 'x'] }, outputs: [] },
      NoOutputsError,
      'name the nodes whose values you want',
    ],
    [
      'a node that nothing feeds',
      { inputs: x, nodes: { y: [relu, 'x'], z: [relu] }, outputs: ['y'] },
      UnconnectedNodeError,
      'Node "z" has nothing to feed it; name its inputs: [layer, \'x\'].',
    ],
    [
      'an input that feeds nothing',
      { inputs: { ...x, other: [2] }, nodes: { y: [relu, 'x'] }, outputs: ['y'] },
      UnconnectedNodeError,
      'Input "other" feeds nothing that reaches an output; remove it, or, if a loss or metric looks at a node that it feeds, keep that',
    ],
    [
      'a wire that does not exist',
      { inputs: x, nodes: { y: [relu, 'xx'] }, outputs: ['y'] },
      UnknownWireError,
      'Node "y" is fed by "xx", which does not exist; there are x, y.',
    ],
    [
      "a wire of the name of an object's own method",
      { inputs: x, nodes: { y: [relu, 'toString'] }, outputs: ['y'] },
      UnknownWireError,
      'Node "y" is fed by "toString"',
    ],
    [
      'an output that does not exist',
      { inputs: x, nodes: { y: [relu, 'x'] }, outputs: ['z'] },
      UnknownWireError,
      'Output "z" is no node; there are y.',
    ],
    [
      'a kept node that does not exist',
      { inputs: x, nodes: { y: [relu, 'x'] }, outputs: ['y'], kept: ['z'] },
      UnknownWireError,
      '"z", which is to be kept, is no node; there are y.',
    ],
    [
      'a cycle',
      { inputs: x, nodes: { a: [new Add(), 'x', 'c'], b: [relu, 'a'], c: [relu, 'b'] }, outputs: ['c'] },
      CycleError,
      'The nodes a → c → b → a feed each other in a cycle; rewire one of them.',
    ],
    [
      'a node that feeds itself',
      { inputs: x, nodes: { a: [new Add(), 'x', 'a'] }, outputs: ['a'] },
      CycleError,
      'The nodes a → a feed each other',
    ],
    [
      'a cycle that reaches no output',
      { inputs: x, nodes: { y: [relu, 'x'], a: [relu, 'b'], b: [relu, 'a'] }, outputs: ['y'] },
      CycleError,
      'The nodes a → b → a feed each other',
    ],
    [
      'more wires than the layer takes',
      { inputs: x, nodes: { y: [relu, 'x'], z: [new Linear({ outFeatures: 2 }), 'x', 'y'] }, outputs: ['z'] },
      InputCountError,
      'Node "z": Linear takes 1 input, and is fed by x, y; join them by a node of their own',
    ],
    [
      'fewer wires than the layer takes',
      { inputs: x, nodes: { y: [new Subtract(), 'x'] }, outputs: ['y'] },
      InputCountError,
      'Node "y": Subtract takes 2 inputs, and is fed by x',
    ],
  ])('%s', (_, options, type, message) => {
    expect(() => new make(options)).toThrow(type);
    expect(() => new make(options)).toThrow(GraphError);
    expect(() => new make(options)).toThrow(message);
  });

  const pair = () =>
    new Graph({
      inputs: { a: [3], b: [2] },
      nodes: { left: [new Linear({ outFeatures: 4 }), 'a'], right: [relu, 'b'], sum: [new Add(), 'left', 'right'] },
      outputs: ['sum'],
    });

  it('a wrong number of inputs', () => {
    expect(() => pair().run(zeros([1, 3]))).toThrow(InputCountError);
    expect(() => pair().run(zeros([1, 3]))).toThrow(
      'The graph takes 2 inputs (a, b), and was given 1; give a tensor for each.',
    );
    expect(() => (new Subtract().run as (...x: Tensor[]) => Tensor)(zeros([1]))).toThrow(InputCountError);
    expect(() => new Add().run()).toThrow('Add takes one input or more, and was given none.');
  });

  it('shapes that do not fit', () => {
    expect(() => pair().run(zeros([1, 4]), zeros([1, 2]))).toThrow(ShapeError);
    expect(() => pair().run(zeros([1, 4]), zeros([1, 2]))).toThrow(
      'Input "a" must be [batch, 3], and is [1, 4]; reshape it.',
    );
    expect(() => pair().run(zeros([3]), zeros([1, 2]))).toThrow('and is [3]; add the batch dimension with reshape.');
    expect(() => pair().build()).toThrow(ShapeError);
    expect(() => pair().build()).toThrow('add in layer "sum" with a [1, 4], b [1, 2]');
  });

  it('a layer that is used before its sizes are known', () => {
    const model = new Sequential([relu, new Linear({ outFeatures: 2 })]);
    for (const use of [() => model.parameters(), () => model.stateDict(), () => model.build()]) {
      expect(use).toThrow(UnbuiltError);
      expect(use).toThrow('Linear "1" does not know its sizes yet: call model.build([...])');
    }
  });
});
