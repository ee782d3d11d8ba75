import { add, cast, type Gradients, noGrad, type Parameter, sqrt, square, sum, type Tensor } from '@nn/tensor';
import type { Diagram } from './diagram.js';

/**
 * The diagram with the length of each box's gradient, `√Σ g²` over all its parameters, in words and as its heat. Errors: none
 * of the parameters has a gradient.
 */
export function withGradients(gradients: Gradients, diagram: Diagram): Diagram {
  const norms = diagram.boxes.map(({ parameters = [] }) => normOf(gradients, parameters));
  const largest = Math.max(0, ...norms.map((norm) => norm ?? 0));
  const all = normOf(gradients, [...new Set(diagram.boxes.flatMap(({ parameters = [] }) => parameters))]);
  if (all === undefined)
    throw new Error(
      "drawing: no parameter of this model has one of these gradients; pass what backward gave for the model's loss.",
    );
  const boxes = diagram.boxes.map((box, i) => {
    const norm = norms[i];
    if (!box.parameters?.length) return { ...box, heat: 0 };
    if (norm === undefined) return { ...box, heat: 0, lines: [...box.lines, 'no gradient'] };
    return {
      ...box,
      heat: largest === 0 ? 0 : norm / largest,
      lines: [...box.lines, `gradient norm ${inWords(norm)}`],
    };
  });
  return { ...diagram, lines: [...(diagram.lines ?? []), `gradient norm ${inWords(all)}`], boxes };
}

const inWords = (norm: number): string => String(Number(norm.toPrecision(3)));

/** Undefined where no parameter has a gradient. */
function normOf(gradients: Gradients, parameters: readonly Parameter[]): number | undefined {
  return noGrad(() => {
    const squares = parameters.flatMap((parameter): Tensor[] => {
      const gradient = gradients.get(parameter);
      return gradient ? [cast(sum(square(gradient)), { dtype: 'f32' })] : [];
    });
    return squares.length === 0 ? undefined : sqrt(squares.reduce((total, part) => add(total, part))).item();
  });
}
