import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { formatShape, ShapeError } from '../shape.js';
import { exp } from './exp.js';
import { logSoftmax } from './log-softmax.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';
import { oneHot } from './one-hot.js';
import { reshape } from './reshape.js';
import { softmax } from './softmax.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const attrs = { rows: 'number', classes: 'number' } as const;

const kernel = defineKernel({
  name: 'crossEntropy',
  buffers: { loss: 'write', probabilities: 'write', logits: 'read', target: 'read' },
  over: 'row',
  attrs,
  flops: ({ rows, classes }) => 5 * rows * classes,
  reference({ loss, probabilities, logits, target }, { rows, classes }) {
    for (let r = 0; r < rows; r++) {
      const start = r * classes;
      if (!(target[r] >= 0 && target[r] < classes))
        throw new RangeError(`crossEntropy: target ${target[r]} at row ${r} is outside 0…${classes - 1}`);
      let largest = -Infinity;
      for (let i = 0; i < classes; i++) largest = Math.max(largest, logits[start + i]);
      let total = 0;
      for (let i = 0; i < classes; i++) total += Math.exp(logits[start + i] - largest);
      for (let i = 0; i < classes; i++) probabilities[start + i] = Math.exp(logits[start + i] - largest) / total;
      loss[r] = Math.log(total) + largest - logits[start + target[r]];
    }
  },
});

const gradientKernel = defineKernel({
  name: 'crossEntropyGradient',
  buffers: { dx: 'write', probabilities: 'read', target: 'read', dy: 'read' },
  over: 'row',
  attrs,
  flops: ({ rows, classes }) => 2 * rows * classes,
  reference({ dx, probabilities, target, dy }, { rows, classes }) {
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < classes; i++) {
        const at = r * classes + i;
        dx[at] = dy[r] * (probabilities[at] - (i === target[r] ? 1 : 0));
      }
    }
  },
});

const sizes = ({ shape: [rows, classes] }: Pick<Spec, 'shape'>) => ({ rows, classes });

/** By way of the logits, as the probabilities that the forward pass left are no differentiable result. */
const crossEntropyGradient = defineOp({
  name: 'crossEntropyGradient',
  inputs: ['probabilities', 'logits', 'target', 'dy'],
  infer: ({ probabilities }) => probabilities,
  forward: ({ probabilities, target, dy, y }) =>
    gradientKernel({ dx: y, probabilities, target, dy }, sizes(probabilities)),
  meaning(_, logits, target, dy) {
    const chosen = oneHot(target, { classes: logits.shape[1], dtype: logits.dtype });
    return multiply(subtract(softmax(logits), chosen), reshape(dy, [-1, 1]));
  },
});

/**
 * Cross-entropy of softmax(logits) against class indices, a number a row: `−ln softmax(logits)[target]`.
 * Shapes: logits [rows, classes], target [rows] i32 → loss [rows] and probabilities [rows, classes].
 * Only the loss is differentiable. Errors: shapes that do not fit; a target outside 0…classes−1.
 */
export const softmaxCrossEntropy = defineOp({
  name: 'softmaxCrossEntropy',
  inputs: ['logits', 'target'],
  infer({ logits, target }) {
    if (logits.shape.length !== 2) throw new ShapeError('logits must be [rows, classes]; flatten or permute them.');
    if (target.dtype !== 'i32') throw new ShapeError(`target must hold class indices as i32, not ${target.dtype}.`);
    const [rows] = logits.shape;
    if (target.shape.length !== 1 || target.shape[0] !== rows)
      throw new ShapeError(`target must be ${formatShape([rows])}: one class index a row.`);
    return [{ shape: [rows], dtype: logits.dtype }, logits] as const;
  },
  forward({ logits, target, y: [loss, probabilities] }) {
    kernel({ loss, probabilities, logits, target }, sizes(logits));
  },
  backward: {
    logits: ({ logits, target, y: [, probabilities], dy: [dLoss] }) =>
      crossEntropyGradient(probabilities, logits, target, dLoss),
  },
  meaning(logits, target) {
    const chosen = oneHot(target, { classes: logits.shape[1], dtype: logits.dtype });
    const logProbabilities = logSoftmax(logits);
    return [negate(sum(multiply(logProbabilities, chosen), { axis: -1 })), exp(logProbabilities.detach())];
  },
});
