import { OptionError } from '@nn/tensor';
import {
  CycleError,
  DuplicateNameError,
  NoInputsError,
  NoOutputsError,
  UnconnectedNodeError,
  UnknownWireError,
} from './errors.js';
import type { GraphOptions, NodeSpec } from './graph.js';

/** Names of the nodes that lead to an output or to a kept node, each after those that feed it. Errors: see Graph. */
export function runningOrder(options: GraphOptions): string[] {
  checkForms(options);
  checkNames(options);
  const { inputs, nodes, outputs, kept = [] } = options;
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (trail.includes(name))
      throw new CycleError(
        `The nodes ${[...trail.slice(trail.indexOf(name)), name].join(' → ')} feed each other in a cycle; rewire one of them.`,
      );
    if (Object.hasOwn(inputs, name) || order.includes(name)) return;
    for (const wire of wiresOf(nodes[name])) visit(wire, [...trail, name]);
    order.push(name);
  };
  for (const name of Object.keys(nodes)) visit(name, []);
  const needed = order.filter((name) => leadsTo(name, [...outputs, ...kept], nodes));
  const used = new Set(needed.flatMap((name) => wiresOf(nodes[name])));
  const idle = Object.keys(inputs).find((name) => !used.has(name));
  if (idle !== undefined)
    throw new UnconnectedNodeError(
      `Input "${idle}" feeds nothing that reaches an output; remove it, or, if a loss or metric looks at a node that it ` +
        "feeds, keep that: { kept: ['…'] }.",
    );
  return needed;
}

const wiresOf = ([, ...wires]: NodeSpec): readonly string[] => wires;

/** Errors: no inputs or outputs, names used twice, wires, outputs or kept nodes that do not exist, nodes without wires. */
function checkNames({ inputs, nodes, outputs, kept = [] }: GraphOptions): void {
  if (Object.keys(inputs).length === 0)
    throw new NoInputsError('The graph has no inputs: name at least one, with its shape.');
  if (outputs.length === 0) throw new NoOutputsError('The graph has no outputs: name the nodes whose values you want.');
  const known = [...Object.keys(inputs), ...Object.keys(nodes)];
  for (const [name, node] of Object.entries(nodes)) {
    if (Object.hasOwn(inputs, name))
      throw new DuplicateNameError(`"${name}" names both an input and a node; rename one.`);
    if (wiresOf(node).length === 0)
      throw new UnconnectedNodeError(`Node "${name}" has nothing to feed it; name its inputs: [layer, 'x'].`);
    const unknown = wiresOf(node).find((wire) => !known.includes(wire));
    if (unknown !== undefined)
      throw new UnknownWireError(
        `Node "${name}" is fed by "${unknown}", which does not exist; there are ${known.join(', ')}.`,
      );
  }
  outputs.forEach((name, i) => {
    if (!Object.hasOwn(nodes, name))
      throw new UnknownWireError(`Output "${name}" is no node; there are ${Object.keys(nodes).join(', ')}.`);
    if (outputs.indexOf(name) < i) throw new DuplicateNameError(`Output "${name}" is named twice; remove one.`);
  });
  const lost = kept.find((name) => !Object.hasOwn(nodes, name));
  if (lost !== undefined)
    throw new UnknownWireError(
      `"${lost}", which is to be kept, is no node; there are ${Object.keys(nodes).join(', ')}.`,
    );
}

function leadsTo(name: string, ends: readonly string[], nodes: GraphOptions['nodes']): boolean {
  const seen = new Set<string>();
  const pending = [...ends];
  while (pending.length > 0) {
    const next = pending.pop() as string;
    if (next === name) return true;
    if (seen.has(next) || !Object.hasOwn(nodes, next)) continue;
    seen.add(next);
    pending.push(...wiresOf(nodes[next]));
  }
  return false;
}

/** Errors: inputs, nodes, outputs or kept nodes that are missing or of another form. */
function checkForms({ inputs, nodes, outputs, kept = [] }: GraphOptions): void {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(inputs))
    throw new OptionError('Graph needs inputs, shapes by name without the batch: { inputs: { image: [1, 28, 28] } }.');
  if (!isRecord(nodes))
    throw new OptionError(
      "Graph needs nodes, layers with what feeds them by name: { nodes: { hidden: [layer, 'x'] } }.",
    );
  if (!Array.isArray(outputs))
    throw new OptionError("Graph needs outputs, an array of names of nodes: { outputs: ['digit'] }.");
  if (!Array.isArray(kept)) throw new OptionError("Graph: kept is an array of names of nodes: { kept: ['hint'] }.");
  for (const [name, node] of Object.entries(nodes))
    if (!Array.isArray(node))
      throw new OptionError(`Graph: node "${name}" must be a layer and what feeds it: { ${name}: [layer, 'x'] }.`);
}
