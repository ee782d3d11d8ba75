import { type OpWatcher, watchingOps } from '../op-calls.js';
import { formatShape, sameShape } from '../shape.js';
import { type Differentiable, noGrad } from '../tape.js';
import type { Tensor } from '../tensor.js';
import { formatAttributes, formatNumber } from './numbers-in-words.js';

interface Call {
  readonly op: Differentiable;
  readonly inputs: readonly Tensor[];
  readonly attrs: object;
  /** Which of several outputs; undefined for the only one. */
  readonly output: number | undefined;
}

/** How deep calls are written inside one another. */
const deepest = 8;

/** What ops were called with, so that how a tensor was computed can be written down. */
export class OpCalls {
  readonly #byOutput = new Map<Tensor, Call>();

  readonly watch: OpWatcher = (op, inputs, attrs, outputs) => {
    for (const [i, output] of outputs.entries())
      this.#byOutput.set(output, { op, inputs, attrs, output: outputs.length > 1 ? i : undefined });
  };

  /**
   * The calls that computed `tensor` from those that have a name, such as `multiply(dy, cos(x))`. Numbers stand as they
   * are, other tensors of unknown origin by their shape.
   */
  write(tensor: Tensor, names: ReadonlyMap<Tensor, string>, depth = 0): string {
    const name = names.get(tensor);
    if (name !== undefined) return name;
    const call = this.#byOutput.get(tensor);
    if (!call) return unexplained(tensor, names);
    const { op, inputs, attrs, output } = call;
    if (op.name === 'reshape' && sameShape(inputs[0].shape, tensor.shape)) return this.write(inputs[0], names, depth);
    if (depth === deepest) return '…';
    const given = inputs.map((input) => this.write(input, names, depth + 1));
    const attributes = formatAttributes(attrs);
    const text = `${op.name}(${[...given, ...(attributes ? [attributes] : [])].join(', ')})`;
    return output === undefined ? text : `${text}[${output}]`;
  }

  /** What the op that computed `tensor` means in simpler ops, as calls of them; undefined where it says no such thing. */
  writeMeaning(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string | undefined {
    const call = names.has(tensor) ? undefined : this.#byOutput.get(tensor);
    const { op, inputs, attrs, output = 0 } = call ?? {};
    if (!op?.meaning || !inputs || !attrs) return undefined;
    const simpler = new OpCalls();
    const meant = watchingOps(simpler.watch, () => noGrad(() => op.meaning?.(inputs, attrs)));
    const given = new Map(inputs.map((input) => [input, this.write(input, names)]));
    return meant && simpler.write(meant[output], given);
  }
}

/** A number, a named tensor that was detached, or only a shape. */
function unexplained(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string {
  for (const [known, name] of names)
    if (known.storage === tensor.storage && sameShape(known.shape, tensor.shape)) return name;
  return tensor.shape.length === 0 ? formatNumber(tensor.item()) : `tensor ${formatShape(tensor.shape)}`;
}
