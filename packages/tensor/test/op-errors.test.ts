import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.js';
import { inScope, OptionError, ShapeError, type Tensor, tensor, zeros } from '../src/index.js';

const indices = (...values: number[]) => tensor(new Int32Array(values));

/** What goes wrong, and what the error must say of it: the op, the shapes, and what to do. */
const mistakes: readonly (readonly [string, () => unknown, string | RegExp])[] = [
  [
    'sizes',
    () => nn.add(zeros([2, 3]), zeros([4])),
    'add with a [2, 3], b [4]: sizes 3 and 4 at dimension -1 do not broadcast; make them equal, or one of them 1.',
  ],
  [
    'inner sizes',
    () => nn.matmul(zeros([2, 3]), zeros([4, 5])),
    'matmul with a [2, 3], b [4, 5]: inner sizes 3 and 4 differ; transpose an operand or mend its size.',
  ],
  [
    'vectors in a product',
    () => nn.matmul(zeros([3]), zeros([3, 2])),
    'both operands need two dimensions or more; reshape them.',
  ],
  [
    'features',
    () => nn.linear(zeros([2, 3]), zeros([5, 4]), zeros([5])),
    'linear with x [2, 3], w [5, 4], b [5]: x must be [batch, ..., 4], to fit w',
  ],
  ['no batch', () => nn.linear(zeros([4]), zeros([5, 4]), zeros([5])), 'x must be [batch, ..., 4]'],
  ['bias', () => nn.linear(zeros([2, 4]), zeros([5, 4]), zeros([4])), 'b must be [5], to fit w.'],
  ['elements', () => nn.reshape(zeros([2, 3]), [4]), 'reshape: [2, 3] (6 elements) does not fit [4]; the product'],
  [
    'open size',
    () => nn.reshape(zeros([2, 3]), [4, -1]),
    'reshape: [2, 3] (6 elements) does not fit [4, -1]; the product',
  ],
  [
    'axis',
    () => nn.sum(zeros([2, 3]), { axis: 2 }),
    'sum with x [2, 3]: axis 2 does not exist in 2 dimensions; use -2 to 1.',
  ],
  [
    'classes',
    () => nn.oneHot(indices(1), { classes: -1 }),
    'oneHot with x [1]: classes is a whole number from 1, and was given as -1.',
  ],
  [
    'rows that are no bytes',
    () => nn.gatherBytes(zeros([6, 3]), indices(0), zeros([256, 1])),
    'x must be u8, not f32; gather other rows with gatherRows.',
  ],
  [
    'a table of another size',
    () => nn.gatherBytes(zeros([6, 3], { dtype: 'u8' }), indices(0), zeros([256, 2])),
    'the table must be [256, 1] or [256, 3], a row for each byte.',
  ],
  [
    'nothing to compare',
    () => nn.max(zeros([2, 0]), { axis: 1 }),
    'max with x [2, 0]: the largest of no numbers does not exist.',
  ],
  ['nothing to choose', () => nn.argmax(zeros([0, 2]), { axis: 0 }), 'argmax with x [0, 2]'],
  [
    'range',
    () => nn.slice(zeros([3]), { start: 1, end: 5 }),
    'slice with x [3]: 1 to 5 is no range of the 3 entries along axis 0.',
  ],
  [
    'negative padding',
    () => nn.pad(zeros([3]), { axis: 0, before: -1, after: 0 }),
    'pad with x [3]: before -1 and after 0 must be whole numbers, 0 or more.',
  ],
  [
    'axes named twice',
    () => nn.permute(zeros([2, 3]), { axes: [0, 0] }),
    'permute with x [2, 3]: axes [0, 0] must name each of the 2 axes once.',
  ],
  [
    'axes too many',
    () => nn.permute(zeros([2, 3]), { axes: [0, 1, 1] }),
    'axes [0, 1, 1] must name each of the 2 axes once.',
  ],
  ['a vector transposed', () => nn.transpose(zeros([2])), 'transpose: [2] has no two axes to swap.'],
  ['growing', () => nn.expand(zeros([2, 3]), { shape: [4, 3] }), /expand with x \[2, 3\]: sizes 2 and 4/],
  ['shrinking', () => nn.expand(zeros([2, 3]), { shape: [1, 3] }), 'only sizes of 1 can grow'],
  [
    'parts',
    () => nn.concat([zeros([2, 3]), zeros([2, 4])]),
    'concat with a [2, 3], b [2, 4]: sizes off axis 0 must be equal.',
  ],
  ['no parts', () => nn.concat([]), 'concat: there is nothing to join.'],
  ['layers of a stack', () => nn.stack([zeros([2]), zeros([3])]), 'stack: [3] and [2] must be equal.'],
  ['rows of a scalar', () => nn.softmax(zeros([])), 'softmax with x []: a scalar has no last axis; reshape it to [1].'],
  ['condition', () => nn.where(zeros([2]), 1, 0), 'condition must be u8, as comparisons make it, not f32.'],
  ['images without channels', () => nn.conv2d(zeros([3, 8, 8]), zeros([2, 3, 3, 3]), 0), 'conv2d with x [3, 8, 8]'],
  ['channels', () => nn.conv2d(zeros([1, 4, 8, 8]), zeros([2, 3, 3, 3]), 0), 'x has 4 channels, and w expects 3'],
  [
    'transposed channels',
    () => nn.convTranspose2d(zeros([1, 4, 8, 8]), zeros([3, 2, 3, 3]), 0),
    'convTranspose2d with x [1, 4, 8, 8], w [3, 2, 3, 3], b []: x has 4 channels, and w expects 3',
  ],
  [
    'output padding',
    () => nn.convTranspose2d(zeros([1, 3, 8, 8]), zeros([3, 2, 3, 3]), 0, { stride: 2, outputPadding: 2 }),
    'outputPadding 2 must be less than the stride 2 or the dilation 1.',
  ],
  [
    'padding that leaves nothing',
    () => nn.convTranspose2d(zeros([1, 3, 2, 8]), zeros([3, 2, 3, 3]), 0, { padding: 2 }),
    'y would be [0, 6] pixels; use less padding or a larger image.',
  ],
  [
    'transposed bias',
    () => nn.convTranspose2d(zeros([1, 4, 8, 8]), zeros([4, 2, 3, 3]), zeros([2]), { groups: 2 }),
    'b must be [4], to fit w.',
  ],
  [
    'padding before the image',
    () => nn.conv2d(zeros([1, 3, 8, 8]), zeros([2, 3, 3, 3]), 0, { padding: [-1, 0, 0, 0] }),
    "padding must be 'valid', 'same', a whole number",
  ],
  [
    'sequences without a batch',
    () => nn.conv1d(zeros([3, 8]), zeros([2, 3, 3]), 0),
    'conv1d with x [3, 8]: a batch dimension is required: reshape [3, 8] to [1, 3, 8].',
  ],
  [
    'channels of a sequence',
    () => nn.conv1d(zeros([1, 4, 8]), zeros([2, 3, 3]), 0),
    'conv1d with x [1, 4, 8], w [2, 3, 3]: x has 4 channels, and w expects 3',
  ],
  [
    'filters of images for volumes',
    () => nn.conv3d(zeros([1, 3, 8, 8, 8]), zeros([2, 3, 3, 3]), 0),
    'w must be [out, in / groups, depth, height, width].',
  ],
  [
    'groups of a volume',
    () => nn.conv3d(zeros([1, 4, 8, 8, 8]), zeros([3, 2, 3, 3, 3]), 0, { groups: 2 }),
    'groups 2 must divide the 4 input and 3 output channels.',
  ],
  [
    'a window deeper than the volume',
    () => nn.conv3d(zeros([1, 4, 2, 8, 8]), zeros([3, 4, 5, 3, 3]), 0, { padding: 1 }),
    "the window's depth is 5, the padded input's only 4; use a smaller kernel or dilation, more padding or a larger input.",
  ],
  [
    'a stride that padding same does not take',
    () => nn.conv1d(zeros([1, 3, 8]), zeros([2, 3, 3]), 0, { padding: 'same', stride: 2 }),
    "padding 'same' needs stride 1, not [2]; give the padding in numbers.",
  ],
  [
    'sizes of a window over volumes',
    () => nn.maxPool3d(zeros([1, 1, 4, 4, 4]), { kernelSize: [2, 2] as never }),
    'kernelSize must be a whole number of at least 1, or one each for [depth, height, width], not [2,2].',
  ],
  [
    'pooling with unlike ends',
    () => nn.averagePool1d(zeros([1, 1, 4]), { kernelSize: 2, padding: 'same' as never, stride: 1 }),
    'averagePool1d with x [1, 1, 4]: pooling pads both ends alike, by a number, not by "same".',
  ],
  [
    'windows wholly in the padding',
    () => nn.maxPool1d(zeros([1, 1, 4]), { kernelSize: 2, padding: 3 }),
    'a window lies wholly in the padding',
  ],
  [
    'no size for images',
    () => nn.interpolate2d(zeros([1, 1, 4, 4]), {}),
    'interpolate2d with x [1, 1, 4, 4]: give either size or scaleFactor.',
  ],
  [
    'images of no pixels',
    () => nn.adaptiveAveragePool2d(zeros([1, 1, 0, 4]), { outputSize: 2 }),
    'an image without pixels has no mean.',
  ],
  ['window', () => nn.maxPool2d(zeros([1, 1, 2, 2]), { kernelSize: 3 }), 'maxPool2d with x [1, 1, 2, 2]'],
  ['logits', () => nn.softmaxCrossEntropy(zeros([3]), indices(1)), 'logits must be [rows, classes]'],
  ['targets', () => nn.softmaxCrossEntropy(zeros([2, 3]), indices(1)), 'target must be [2]: one class index a row.'],
  [
    'target dtype',
    () => nn.softmaxCrossEntropy(zeros([1, 3]), zeros([1])),
    'target must hold class indices as i32, not f32.',
  ],
  [
    'normalised channels',
    () => nn.batchNorm(zeros([4, 3]), zeros([2]), zeros([3])),
    'scale must be [3]: a number a channel of x.',
  ],
];

/** Attributes that an op does not take. */
const surprises: readonly (readonly [string, () => unknown, string])[] = [
  [
    'an unknown attribute',
    () => nn.sum(zeros([2, 3]), { dim: 1 } as object),
    'sum has no attribute "dim"; it has axis, keepDims.',
  ],
  [
    'an unknown attribute in a layer',
    () =>
      inScope('pool', () => nn.maxPool2d(zeros([1, 1, 4, 4]), { kernelSize: 2, strides: 2 } as { kernelSize: number })),
    'maxPool2d in layer "pool" has no attribute "strides"; it has kernelSize, stride, padding, dilation, ceilMode.',
  ],
  [
    'an unknown attribute of a composed op',
    () => nn.conv1d(zeros([1, 1, 4]), zeros([1, 1, 2]), 0, { strides: 2 } as object),
    'conv1d has no option "strides"; it has stride, padding, dilation, groups.',
  ],
  [
    'a number for attributes',
    () => nn.max(zeros([2, 3]), 1 as never),
    'max takes its attributes as { axis, keepDims }, not a number.',
  ],
];

test.each(surprises)('an op given %s says so', (_, run, message) => {
  expect(run).toThrow(OptionError);
  expect(run).toThrow(message);
});

describe('an op given wrong shapes', () => {
  test.each(mistakes)('says so of %s', (_, run, message) => {
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });

  test('names the layer', () => {
    expect(() => inScope('trunk', () => inScope('2', () => nn.add(zeros([2]), zeros([3]))))).toThrow(
      'add in layer "trunk.2" with a [2], b [3]: sizes 2 and 3',
    );
  });

  test('leaves the layer path as it was', () => {
    expect(() => inScope('trunk', () => nn.add(zeros([2]), zeros([3])))).toThrow();
    expect(nn.currentPath()).toBe('');
  });
});

describe('an op given something else', () => {
  test.each([
    [null, 'null'],
    ['1', 'a string'],
    [[1], 'an array'],
    [{}, 'an object'],
  ])('refuses %j', (value, shown) => {
    expect(() => nn.add(zeros([1]), value as unknown as Tensor)).toThrow(
      `add: b must be a tensor or a number, not ${shown}; make it one, with tensor(…).`,
    );
  });

  test('or nothing, as when it is called where it should be given', () => {
    expect(() => (nn.relu as unknown as () => Tensor)()).toThrow(
      'relu: x is missing; give a tensor, or, where a layer is asked',
    );
  });
});

describe('indices out of range', () => {
  test('of rows', () => {
    expect(() => nn.gatherRows(zeros([6, 2]), indices(0, 1, 2, 7))).toThrow('index 7 at position 3 is outside 0…5');
    expect(() => nn.gatherRows(zeros([6, 2]), indices(-1))).toThrow('index -1 at position 0 is outside 0…5');
  });

  test('of rows of bytes', () => {
    const [x, table] = [zeros([6, 2], { dtype: 'u8' }), zeros([256, 1])];
    expect(() => nn.gatherBytes(x, indices(0, 6), table)).toThrow('index 6 at position 1 is outside 0…5');
  });

  test('of classes', () => {
    expect(() => nn.oneHot(indices(0, 3), { classes: 3 })).toThrow('index 3 at position 1 is outside 0…2');
    expect(() => nn.softmaxCrossEntropy(zeros([2, 10]), indices(3, 12))).toThrow('target 12 at row 1 is outside 0…9');
  });
});

describe('a derivative of a wrong shape', () => {
  test('is an error of the op, not of whoever calls backward', () => {
    const op = nn.defineOp({
      name: 'someone/half',
      inputs: ['x'],
      infer: ({ x }) => x,
      forward: ({ x, y }) => nn.assignKernel({ y, x }),
      backward: { x: ({ dy }) => nn.sum(dy) },
    });
    const y = op(zeros([3], { requiresGrad: true }));
    expect(() => nn.backward(nn.sum(y))).toThrow(
      "The derivative of someone/half by x is [], but x is [3]; mend the op's backward.",
    );
  });
});
