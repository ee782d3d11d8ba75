import { Add, Concat, Flatten, Linear, Residual, relu, Sequential, Subtract, Graph as TypedGraph, zeros } from '@nn/nn';
import type { Mistake } from './mistake.js';

/** As in JavaScript: in TypeScript most of these do not compile. */
const Graph = TypedGraph as unknown as new (options: object) => TypedGraph;
const linear = (outFeatures: number) => new Linear({ outFeatures });

export const wiring: readonly Mistake[] = [
  {
    mistake: 'A node is fed by a name with a slip of the pen.',
    attempt: () =>
      new Graph({
        inputs: { image: [1, 28, 28] },
        nodes: { trunk: [new Flatten(), 'image'], digit: [linear(10), 'trunc'] },
        outputs: ['digit'],
      }),
    says: [/Node "digit" is fed by "trunc", which does not exist/, /there are image, trunk, digit/],
  },
  {
    mistake: 'An output is named that is no node.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { digit: [linear(10), 'x'] }, outputs: ['digits'] }),
    says: [/Output "digits" is no node/, /there are digit/],
  },
  {
    mistake: 'An output is named twice.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { y: [linear(10), 'x'] }, outputs: ['y', 'y'] }),
    says: [/Output "y" is named twice/, /remove one/],
  },
  {
    mistake: 'The only output is given without an array.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { y: [linear(10), 'x'] }, outputs: 'y' }),
    says: [/Graph needs outputs/, /an array of names of nodes: \{ outputs: \['digit'\] \}/],
  },
  {
    mistake: 'No output is named.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { y: [linear(10), 'x'] }, outputs: [] }),
    says: [/The graph has no outputs/, /name the nodes whose values you want/],
  },
  {
    mistake: 'Two nodes wait for each other.',
    attempt: () =>
      new Graph({ inputs: { x: [4] }, nodes: { a: [new Add(), 'x', 'b'], b: [relu, 'a'] }, outputs: ['b'] }),
    says: [/The nodes .*a → b.* feed each other in a cycle/, /rewire one of them/],
  },
  {
    mistake: 'A node is given as a layer alone, without what feeds it.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { hidden: linear(10) }, outputs: ['hidden'] }),
    says: [/node "hidden"/, /\{ hidden: \[layer, 'x'\] \}/],
  },
  {
    mistake: 'A node has a layer, and nothing that feeds it.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { hidden: [linear(10)] }, outputs: ['hidden'] }),
    says: [/Node "hidden" has nothing to feed it/, /name its inputs/],
  },
  {
    mistake: 'An input is declared and forgotten.',
    attempt: () => new Graph({ inputs: { x: [4], z: [4] }, nodes: { y: [linear(10), 'x'] }, outputs: ['y'] }),
    says: [/Input "z" feeds nothing that reaches an output/, /remove it/],
  },
  {
    mistake: 'A node has the name of an input.',
    attempt: () => new Graph({ inputs: { x: [4] }, nodes: { x: [linear(10), 'x'] }, outputs: ['x'] }),
    says: [/"x" names both an input and a node/, /rename one/],
  },
  {
    mistake: 'Two wires go into a layer that takes one.',
    attempt: () => new Graph({ inputs: { a: [4], b: [4] }, nodes: { y: [linear(10), 'a', 'b'] }, outputs: ['y'] }),
    says: [/Node "y": Linear takes 1 input, and is fed by a, b/, /new Concat\(\) or new Add\(\)/],
  },
  {
    mistake: 'A difference is taken of one tensor.',
    attempt: () => new Graph({ inputs: { a: [4] }, nodes: { gap: [new Subtract(), 'a'] }, outputs: ['gap'] }),
    says: [/Node "gap": Subtract takes 2 inputs/, /name all of them/],
  },
  {
    mistake: 'Branches of different widths are added.',
    attempt: () =>
      new Graph({
        inputs: { x: [4] },
        nodes: { wide: [linear(8), 'x'], narrow: [linear(6), 'x'], joined: [new Add(), 'wide', 'narrow'] },
        outputs: ['joined'],
      }).build(),
    says: [/"joined".*\[1, 8\].*\[1, 6\]/, /make them equal/],
  },
  {
    mistake: 'Images of different sizes are concatenated along their channels.',
    attempt: () =>
      new Graph({
        inputs: { large: [3, 32, 32], small: [3, 16, 16] },
        nodes: { joined: [new Concat(), 'large', 'small'] },
        outputs: ['joined'],
      }).build(),
    says: [/Concat in layer "joined" of \[1, 3, 32, 32\], \[1, 3, 16, 16\]/, /must be equal/],
  },
  {
    mistake: 'A residual block changes the width, and its shortcut does not.',
    attempt: () => new Sequential([linear(8), new Residual({ body: linear(16) })]).run(zeros([2, 4])),
    says: [
      /Residual in layer "1": the body gives \[2, 16\], the shortcut \[2, 8\]/,
      /give a shortcut that makes them equal/,
    ],
  },
  {
    mistake: 'One layer is shared by inputs of different widths.',
    attempt: () => {
      const shared = linear(8);
      return new Graph({
        inputs: { a: [4], b: [5] },
        nodes: { left: [shared, 'a'], right: [shared, 'b'], sum: [new Add(), 'left', 'right'] },
        outputs: ['sum'],
      }).build();
    },
    says: [/linear in layer "left".*x \[1, 5\]/, /reshape it or change the layer's size/],
  },
  {
    mistake: 'A class of layers stands where a layer should.',
    attempt: () => new Sequential([linear(8), Flatten as never]),
    says: [/Sequential: entry 1 is not a layer/, /Write new Flatten\(\{ … \}\)/],
  },
  {
    mistake: 'An activation is named by a string.',
    attempt: () => new Sequential([linear(8), 'relu' as never]),
    says: [/Sequential: entry 1 is not a layer/, /import relu and give it without quotes/],
  },
  {
    mistake: 'An activation is called where it should be given.',
    attempt: () => new Sequential([linear(8), (relu as unknown as () => never)()]),
    says: [/relu: x is missing/, /where a layer is asked for, relu itself without \(\)/],
  },
  {
    mistake: 'Layers are given one by one.',
    attempt: () => new Sequential(linear(8) as never, relu as never),
    says: [/Sequential/, /as one array: new Sequential\(\[first, second, …\]\)/],
  },
  {
    mistake: 'A network of two inputs is run on one.',
    attempt: () =>
      new TypedGraph({
        inputs: { left: [4], right: [4] },
        nodes: { sum: [new Add(), 'left', 'right'] },
        outputs: ['sum'],
      }).run(zeros([1, 4])),
    says: [/The graph takes 2 inputs \(left, right\), and was given 1/, /give a tensor for each/],
  },
];
