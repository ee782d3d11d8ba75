import { type AnyModule, Graph } from '@nn/layers';
import type { Tensor } from '@nn/tensor';
import type { Outputs } from './objective.js';

/** Runs a model; of a Graph, what it gives has the values of the nodes `names` too, which the model keeps from now on. */
export function runnerOf(model: AnyModule, names: readonly (string | undefined)[]): (...x: Tensor[]) => Outputs {
  const wider = model instanceof Graph ? withNodes(model, names) : undefined;
  if (!wider) return (...x) => model.run(...x) as Outputs;
  let built = false;
  return (...x) => {
    // What follows a layer, for init: 'auto', is what the model itself says.
    if (!built) model.build();
    built = true;
    return wider.run(...x) as Outputs;
  };
}

/** The same layers in a Graph with more outputs; undefined where these are outputs already, or do not exist. */
function withNodes(model: Graph, names: readonly (string | undefined)[]): Graph | undefined {
  const { outputNames } = model;
  const nodes = Object.keys(model.options.nodes);
  const more = nodes.filter((name) => names.includes(name) && !outputNames.includes(name));
  if (more.length === 0) return undefined;
  model.keep(...more);
  return new Graph({ ...model.options, outputs: [...outputNames, ...more] });
}
