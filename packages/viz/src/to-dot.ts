import type { GraphBaseModel, NodeAttributesObject, RootGraphModel } from 'ts-graphviz';
import { mix } from './colours.js';
import type { Box, Diagram, Group } from './diagram.js';
import { fontName } from './fonts.js';
import { escapeText } from './markup.js';
import type { Theme } from './theme.js';

/** A diagram in Graphviz' language. */
export async function toDot(diagram: Diagram, theme: Theme): Promise<string> {
  const { Digraph, toDot: write } = await import('ts-graphviz');
  const graph = new Digraph('network', {
    label: html(diagram.title, diagram.lines ?? []),
    labelloc: 't',
    fontname: fontName,
    fontsize: 16,
    fontcolor: theme.ink,
    bgcolor: theme.background,
    nodesep: 0.4,
    ranksep: 0.35,
  });
  graph.attributes.node.apply({
    shape: 'box',
    style: 'rounded,filled',
    fontname: fontName,
    fontsize: 11,
    fontcolor: theme.ink,
  });
  graph.attributes.edge.apply({
    color: theme.muted,
    arrowsize: 0.7,
    fontname: fontName,
    fontsize: 10,
    fontcolor: theme.muted,
  });
  const frames: Frames = { graph, theme, groups: new Map() };
  for (const box of diagram.boxes) frameOf(box.group, frames).node(box.id, appearance(box, theme));
  for (const { from, to, label } of diagram.arrows)
    graph.edge([from, to], label === undefined ? {} : { label: ` ${label} ` });
  return write(graph);
}

interface Frames {
  readonly graph: RootGraphModel;
  readonly theme: Theme;
  readonly groups: Map<string, GraphBaseModel>;
}

function frameOf(group: Group | undefined, frames: Frames): GraphBaseModel {
  const { graph, theme, groups } = frames;
  if (!group) return graph;
  const known = groups.get(group.id);
  if (known) return known;
  const frame = frameOf(group.parent, frames).subgraph(`cluster ${group.id}`, {
    label: frameTitle(group.title),
    labeljust: 'r',
    fontname: fontName,
    fontsize: 11,
    fontcolor: theme.muted,
    color: theme.faint,
    style: 'rounded',
  });
  groups.set(group.id, frame);
  return frame;
}

const appearance = ({ role, title, lines, heat, shared }: Box, theme: Theme): NodeAttributesObject => ({
  label: html(title, lines),
  fillcolor: heat === undefined ? theme.roles[role] : mix(theme.roles.layer, theme.hot, heat),
  color: shared ? theme.sharing : theme.muted,
  ...(shared ? { penwidth: 2, style: 'rounded,filled,dashed' } : {}),
});

/** In the right half of the frame, as arrows enter it in the middle. */
const frameTitle = (title: string): `<${string}>` => {
  const cells = `<td width="${8 * title.length}"></td><td><b>${escapeText(title)}</b></td>`;
  return `<<table border="0" cellspacing="0"><tr>${cells}</tr></table>>`;
};

/** Graphviz' own markup: a bold title and plain lines; text in angle brackets is not taken for a name. */
const html = (title: string, lines: readonly string[]): `<${string}>` =>
  `<<b>${escapeText(title)}</b>${lines.map((text) => `<br/>${escapeText(text)}`).join('')}>`;
