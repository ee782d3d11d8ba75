import {
  type ExplainedInput,
  type ExplainedOp,
  type Explanation,
  formatNumbers,
  formatShape,
  type Tensor,
} from '@nn/tensor';
import type { Arrow, Box, Diagram } from './diagram.js';

/** A box for each op behind a loss and for each tensor that no op made, with values, gradients and the rules of the derivatives. */
export function explanationDiagram({ ops, leaves, loss }: Explanation): Diagram {
  const gradients = new Map(leaves.map(({ tensor, gradient }) => [tensor, gradient]));
  const sources = new Map<Tensor, Box>();
  const arrows: Arrow[] = [];
  for (const op of ops) {
    for (const { symbol, tensor, source } of op.inputs) {
      if (source === undefined) continue;
      if (typeof source === 'string' && !sources.has(tensor))
        sources.set(tensor, leafBox(`leaf ${sources.size}`, source, tensor, gradients.get(tensor)));
      const from = typeof source === 'number' ? `op ${source}` : (sources.get(tensor)?.id as string);
      arrows.push({ from, to: `op ${op.number}`, label: symbol });
    }
  }
  const boxes = [
    ...sources.values(),
    ...ops.map((op) =>
      opBox(
        op,
        op.outputs.some(({ tensor }) => tensor === loss),
      ),
    ),
  ];
  return { title: 'Values forward, gradients backward', boxes, arrows };
}

const full = (tensor: Tensor): string => `${formatShape(tensor.shape)}: ${formatNumbers(tensor)}`;

const leafBox = (id: string, title: string, tensor: Tensor, gradient: Tensor | undefined): Box => ({
  id,
  role: gradient ? 'metric' : 'input',
  title,
  lines: [full(tensor), ...(gradient ? [`gradient ${full(gradient)}`] : [])],
});

function opBox({ number, name, path, attributes, inputs, outputs }: ExplainedOp, last: boolean): Box {
  return {
    id: `op ${number}`,
    role: last ? 'loss' : 'layer',
    title: `${number} ${name}${path === '' ? '' : ` in layer "${path}"`}`,
    lines: [
      ...(attributes ? [attributes] : []),
      ...inputs.flatMap(({ symbol, source, tensor }) =>
        source === undefined ? [`${symbol} = ${formatNumbers(tensor)}`] : [],
      ),
      ...outputs.map(({ symbol, tensor }) => `${symbol} = ${full(tensor)}`),
      ...outputs.flatMap(({ symbol, gradient }) => (gradient ? [`d${symbol} = ${full(gradient)}`] : [])),
      ...inputs.flatMap(derivative),
    ],
  };
}

/** The rule, what it means, and its numbers, a line each. */
const derivative = ({ symbol, gradient, rule, meaning }: ExplainedInput): string[] =>
  gradient ? [`d${symbol} = ${rule}`, ...(meaning === undefined ? [] : [`= ${meaning}`]), `= ${full(gradient)}`] : [];
