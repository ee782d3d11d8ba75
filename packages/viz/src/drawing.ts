import { type AnyModule, type InputSpec, Module } from '@nn/layers';
import { Explanation, type Gradients, OptionError, type Profile } from '@nn/tensor';
import { Trainer } from '@nn/train';
import type { Diagram } from './diagram.js';
import { explanationDiagram } from './explanation-diagram.js';
import { fontFamily, fontName } from './fonts.js';
import { withGradients } from './gradient-norms.js';
import { heatedBy } from './heat.js';
import { modelDiagram } from './model-diagram.js';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { themeOf } from './theme.js';
import { toDot } from './to-dot.js';
import { trainerDiagram } from './trainer-diagram.js';

export interface DrawingOptions<F extends string> extends PictureOptions<F> {
  /** Default: the model's kind and how many parameters it has. */
  readonly title?: string;
  /** Colours each box by its share of the time, forwards and backwards, and says it. */
  readonly profile?: Profile<unknown>;
  /** Colours each box by the length of its parameters' gradient, `√Σ g²`, and says it: what `backward` gave. */
  readonly gradients?: Gradients;
  /** Shapes of the inputs without the batch dimension, for a model that is not built. */
  readonly inputs?: readonly InputSpec[];
}

/**
 * Draws a network: a box a node with its name, layer, options, shapes (without the batch dimension) and parameters;
 * shared weights are marked. Of a trainer, targets, losses, metrics and the optimizer with its settings are shown too, unless
 * all parameters are frozen. Of what `explain` gives, a box an op with its values, gradients and rules.
 * `svg` and `dot` are text, `png` bytes; no Graphviz need be installed.
 * Errors: something else; UnbuiltError for a model whose sizes are not known; a profile and gradients at once; gradients of another model.
 *
 * ```ts
 * await writeFile('graph.svg', await drawing(model));
 * await writeFile('ops.svg', await drawing(explain(loss)));
 * ```
 */
export async function drawing<F extends 'svg' | 'png' | 'dot' = 'svg'>(
  content: AnyModule | Trainer | Explanation,
  options: DrawingOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('drawing', options, ['title', 'profile', 'gradients', 'inputs'], ['svg', 'png', 'dot']);
  const { title, format } = options;
  const diagram = diagramOf(content, options);
  const dot = await toDot(title === undefined ? diagram : { ...diagram, title }, themeOf(options.theme));
  if (format === 'dot') return dot as Picture<F>;
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot).replaceAll(`font-family="${fontName}"`, `font-family="${fontFamily}"`);
  return toPicture(svg, options);
}

function diagramOf(
  content: AnyModule | Trainer | Explanation,
  { profile, gradients, inputs = [] }: DrawingOptions<string>,
): Diagram {
  if (content instanceof Explanation) {
    if (profile || gradients)
      throw new OptionError('drawing: of an explanation, neither profile nor gradients is drawn.');
    return explanationDiagram(content);
  }
  if (!(content instanceof Module || content instanceof Trainer))
    throw new TypeError('drawing takes a model, a trainer, or what explain gives.');
  if (profile && gradients)
    throw new OptionError('drawing: profile and gradients both colour the boxes; draw one picture for each.');
  const plain = content instanceof Module ? modelDiagram(content, inputs) : trainerDiagram(content, inputs);
  if (profile) return heatedBy(profile, plain);
  return gradients ? withGradients(gradients, plain) : plain;
}
