import { OptionError } from '@nn/tensor';
import {
  CycleError,
  DuplicateNameError,
  NoInputsError,
  NoOutputsError,
  UnconnectedNodeError,
  UnknownWireError,
} from './errors.js';
import type { GraphOptions } from './graph.js';

/** Names of the nodes that lead to an output, each after those that feed it. Errors: see Graph. */
export function runningOrder(options: GraphOptions): string[] {
  checkForms(options);
  const { inputs, nodes, outputs } = options;
  if (Object.keys(inputs).length === 0)
    throw new NoInputsError('The graph has no inputs: name at least one, with its shape.');
  if (outputs.length === 0) throw new NoOutputsError('The graph has no outputs: name the nodes whose values you want.');
  const known = [...Object.keys(inputs), ...Object.keys(nodes)].join(', ');
  for (const [name, [, ...wires]] of Object.entries(nodes)) {
    if (name in inputs) throw new DuplicateNameError(`"${name}" names both an input and a node; rename one.`);
    if (wires.length === 0)
      throw new UnconnectedNodeError(`Node "${name}" has nothing to feed it; name its inputs: [layer, 'x'].`);
    for (const wire of wires) {
      if (!(wire in inputs) && !(wire in nodes))
        throw new UnknownWireError(`Node "${name}" is fed by "${wire}", which does not exist; there are ${known}.`);
    }
  }
  for (const name of outputs) {
    if (!(name in nodes))
      throw new UnknownWireError(`Output "${name}" is no node; there are ${Object.keys(nodes).join(', ')}.`);
  }

  const order: string[] = [];
  const used = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    if (trail.includes(name))
      throw new CycleError(`The nodes ${[...trail, name].join(' → ')} feed each other in a cycle.`);
    if (name in inputs) used.add(name);
    if (name in inputs || order.includes(name)) return;
    for (const wire of nodes[name].slice(1) as string[]) visit(wire, [...trail, name]);
    order.push(name);
  };
  for (const name of Object.keys(nodes)) if (leadsTo(name, outputs, nodes)) visit(name, []);
  const idle = Object.keys(inputs).filter((name) => !used.has(name));
  if (idle.length > 0)
    throw new UnconnectedNodeError(`Input "${idle[0]}" feeds nothing that reaches an output; remove it.`);
  return order;
}

function leadsTo(name: string, outputs: readonly string[], nodes: GraphOptions['nodes']): boolean {
  const seen = new Set<string>();
  const pending = [...outputs];
  while (pending.length > 0) {
    const next = pending.pop() as string;
    if (next === name) return true;
    if (seen.has(next) || !(next in nodes)) continue;
    seen.add(next);
    pending.push(...(nodes[next].slice(1) as string[]));
  }
  return false;
}

/** Errors: inputs, nodes or outputs that are missing or of another form. */
function checkForms({ inputs, nodes, outputs }: GraphOptions): void {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(inputs))
    throw new OptionError('Graph needs inputs, shapes by name without the batch: { inputs: { image: [1, 28, 28] } }.');
  if (!isRecord(nodes))
    throw new OptionError(
      "Graph needs nodes, layers with what feeds them by name: { nodes: { hidden: [layer, 'x'] } }.",
    );
  if (!Array.isArray(outputs))
    throw new OptionError("Graph needs outputs, an array of names of nodes: { outputs: ['digit'] }.");
  for (const [name, node] of Object.entries(nodes))
    if (!Array.isArray(node))
      throw new OptionError(`Graph: node "${name}" must be a layer and what feeds it: { ${name}: [layer, 'x'] }.`);
}
