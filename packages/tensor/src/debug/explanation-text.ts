import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { ExplainedInput, ExplainedLeaf, ExplainedOp, Explanation } from './explain.js';
import { formatNumbers } from './numbers-in-words.js';

/** An explanation as a page: the ops forward, the ops backward, and the gradients that come out. */
export function explanationText({ ops, leaves }: Explanation): string {
  return [
    'Forward',
    ...ops.flatMap(forward),
    '',
    'Backward',
    ...ops.toReversed().flatMap(backward),
    '',
    'Gradients of the loss',
    ...leaves.map(({ name, gradient, usedBy }) => `    ${name} ${full(gradient)}${summed({ usedBy })}`),
    '',
  ].join('\n');
}

const full = (tensor: Tensor): string => `${formatShape(tensor.shape)}: ${formatNumbers(tensor)}`;

function heading({ number, name, path, attributes }: ExplainedOp): string {
  const layer = path === '' ? '' : ` in layer "${path}"`;
  return `${String(number).padStart(3)} ${[name, attributes].filter(Boolean).join(' ')}${layer}`;
}

const forward = (op: ExplainedOp): string[] => [
  heading(op),
  ...op.inputs.map(({ symbol, source, tensor }) => {
    return `      ${symbol} = ${inputText(source, symbol, tensor)}`;
  }),
  ...op.outputs.map(({ symbol, tensor }) => `      ${symbol} = ${full(tensor)}`),
];

const backward = (op: ExplainedOp): string[] => [
  heading(op),
  ...op.outputs.flatMap(({ symbol, gradient, usedBy }) =>
    gradient ? [`      d${symbol} = ${full(gradient)}${summed({ usedBy })}`] : [],
  ),
  ...op.inputs.flatMap(inputGradient),
];

function inputText(source: ExplainedInput['source'], symbol: string, tensor: Tensor): string {
  if (source === undefined) return formatNumbers(tensor);
  if (typeof source === 'number') return `result of ${source}`;
  return source === symbol ? full(tensor) : `${source} ${full(tensor)}`;
}

function inputGradient({ symbol, gradient, rule, meaning }: ExplainedInput): string[] {
  if (!gradient) return [];
  const more = meaning === undefined ? '' : `, that is ${meaning}`;
  return [`      d${symbol} = ${rule}${more}`, `      ${' '.repeat(symbol.length + 1)} = ${full(gradient)}`];
}

const summed = ({ usedBy }: Pick<ExplainedLeaf, 'usedBy'>): string =>
  usedBy.length > 1 ? ` (sum of what ${usedBy.join(', ')} gave)` : '';
