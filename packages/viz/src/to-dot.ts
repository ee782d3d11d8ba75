import type { GraphBaseModel, NodeAttributesObject, RootGraphModel } from 'ts-graphviz';
import type { Box, Diagram, Group, Role } from './diagram.js';
import { fontName } from './fonts.js';
import { escapeText } from './markup.js';

const fills: Readonly<Record<Role, string>> = {
  input: '#dcfce7',
  layer: '#f8fafc',
  output: '#dcfce7',
  target: '#fef9c3',
  loss: '#fee2e2',
  metric: '#f3e8ff',
  optimizer: '#e0e7ff',
};

const cold = [0xf8, 0xfa, 0xfc];
const hot = [0xfb, 0x92, 0x3c];

/** From almost white to orange. */
const heatColor = (heat: number): string =>
  `#${cold.map((from, i) => Math.round(from + heat * (hot[i] - from)).toString(16)).join('')}`;

const ink = '#0f172a';
const line = '#64748b';
const sharing = '#c2410c';

/** A diagram in Graphviz' language. */
export async function toDot(diagram: Diagram): Promise<string> {
  const { Digraph, toDot: write } = await import('ts-graphviz');
  const graph = new Digraph('network', {
    label: html(diagram.title, diagram.lines ?? []),
    labelloc: 't',
    fontname: fontName,
    fontsize: 16,
    fontcolor: ink,
    nodesep: 0.4,
    ranksep: 0.35,
  });
  graph.attributes.node.apply({
    shape: 'box',
    style: 'rounded,filled',
    fontname: fontName,
    fontsize: 11,
    fontcolor: ink,
  });
  graph.attributes.edge.apply({ color: line, arrowsize: 0.7 });
  const groups = new Map<string, GraphBaseModel>();
  for (const box of diagram.boxes) frameOf(box.group, graph, groups).node(box.id, appearance(box));
  for (const { from, to } of diagram.arrows) graph.edge([from, to]);
  return write(graph);
}

function frameOf(group: Group | undefined, graph: RootGraphModel, groups: Map<string, GraphBaseModel>): GraphBaseModel {
  if (!group) return graph;
  const known = groups.get(group.id);
  if (known) return known;
  const frame = frameOf(group.parent, graph, groups).subgraph(`cluster ${group.id}`, {
    label: html(group.title, []),
    labeljust: 'l',
    fontname: fontName,
    fontsize: 11,
    fontcolor: line,
    color: '#cbd5e1',
    style: 'rounded',
  });
  groups.set(group.id, frame);
  return frame;
}

const appearance = ({ role, title, lines, heat, shared }: Box): NodeAttributesObject => ({
  label: html(title, lines),
  fillcolor: heat === undefined ? fills[role] : heatColor(heat),
  color: shared ? sharing : line,
  ...(shared ? { penwidth: 2, style: 'rounded,filled,dashed' } : {}),
});

/** Graphviz' own markup: a bold title and plain lines; text in angle brackets is not taken for a name. */
const html = (title: string, lines: readonly string[]): `<${string}>` =>
  `<<b>${escapeText(title)}</b>${lines.map((text) => `<br/>${escapeText(text)}`).join('')}>`;
