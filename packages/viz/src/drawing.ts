import { type AnyModule, type InputSpec, Module } from '@nn/layers';
import type { Profile } from '@nn/tensor';
import type { Trainer } from '@nn/train';
import { fontFamily, fontName } from './fonts.js';
import { heatedBy } from './heat.js';
import { modelDiagram } from './model-diagram.js';
import { type Picture, type PictureOptions, toPicture } from './picture.js';
import { toDot } from './to-dot.js';
import { trainerDiagram } from './trainer-diagram.js';

export interface DrawingOptions<F extends string> extends PictureOptions<F> {
  /** Default: the model's kind and how many parameters it has. */
  readonly title?: string;
  /** Colours each box by its share of the time, forwards and backwards, and says it. */
  readonly profile?: Profile<unknown>;
  /** Shapes of the inputs without the batch dimension, for a model that is not built. */
  readonly inputs?: readonly InputSpec[];
}

/**
 * Draws a network: a box a node with its name, layer, options, shapes (without the batch dimension) and parameters;
 * shared weights are marked. Of a trainer, targets, losses, metrics and the optimizer with its settings are shown too.
 * `svg` and `dot` are text, `png` bytes; no Graphviz need be installed.
 * Errors: UnbuiltError for a model whose sizes are not known.
 *
 * ```ts
 * await writeFile('graph.svg', await drawing(model));
 * ```
 */
export async function drawing<F extends 'svg' | 'png' | 'dot' = 'svg'>(
  content: AnyModule | Trainer,
  options: DrawingOptions<F> = {},
): Promise<Picture<F>> {
  const { title, profile, inputs = [], format } = options;
  const plain = content instanceof Module ? modelDiagram(content, inputs) : trainerDiagram(content, inputs);
  const diagram = profile ? heatedBy(profile, plain) : plain;
  const dot = await toDot(title === undefined ? diagram : { ...diagram, title });
  if (format === 'dot') return dot as Picture<F>;
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot).replaceAll(`font-family="${fontName}"`, `font-family="${fontFamily}"`);
  return toPicture(svg, options);
}
