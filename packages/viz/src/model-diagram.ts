import { type AnyModule, functionName, Graph, type InputSpec, Lambda, probe, Sequential, type Visit } from '@nn/layers';
import { formatShape } from '@nn/tensor';
import { describeOptions, describeParameters, describeShapes } from './describe.js';
import type { Arrow, Box, Diagram, Group } from './diagram.js';

/** A run of a module, with those inside it. */
interface Run extends Visit {
  readonly inner: Run[];
}

/** Where a run stands in the drawing. */
interface Place {
  readonly path: string;
  readonly group?: Group;
}

/** A model's boxes, and by name those that give its outputs, and those of a Graph's nodes. */
export interface ModelDiagram extends Diagram {
  readonly outputs: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<string, string>;
}

/**
 * A box for each layer of a model, in order of execution. Sequential and Graph are shown layer by layer, any other
 * module as one box, since only it knows how what is inside is wired.
 */
export function modelDiagram(model: AnyModule, inputs: readonly InputSpec[]): ModelDiagram {
  const root = treeOf(probe(model, ...inputs));
  const drawer = new ModelDrawer();
  const outputs = drawer.draw(model, root);
  const title = `${model.kind}, ${describeParameters(root.parameters)}`;
  return { title, boxes: drawer.boxes(), arrows: drawer.arrows, outputs, nodes: drawer.nodes };
}

/** Visits come outer ones first, each with its depth. */
function treeOf(visits: readonly Visit[]): Run {
  const open: Run[] = [];
  for (const visit of visits) {
    const run: Run = { ...visit, inner: [] };
    open[visit.depth - 1]?.inner.push(run);
    open[visit.depth] = run;
  }
  return open[0];
}

class ModelDrawer {
  readonly arrows: Arrow[] = [];
  /** The boxes whose values the outermost Graph's nodes have, by name. */
  readonly nodes = new Map<string, string>();
  readonly #boxes: Box[] = [];

  draw(model: AnyModule, root: Run): ReadonlyMap<string, string> {
    const names =
      model instanceof Graph ? model.inputNames : root.inputs.map((_, i) => (i === 0 ? 'input' : `input ${i + 1}`));
    const feeds = root.inputs.map((shape, i) => this.#add('input', names[i], [formatShape(shape)]));
    const ends = this.#place(root, feeds, { path: '' });
    const outputNames =
      model instanceof Graph ? model.outputNames : ends.map((_, i) => (i === 0 ? 'output' : `output ${i + 1}`));
    return new Map(
      ends.map((end, i) => {
        const output = this.#add('output', outputNames[i], [formatShape(root.outputs[i])]);
        this.arrows.push({ from: end, to: output });
        return [outputNames[i], output];
      }),
    );
  }

  /** The boxes, with a word on each that has weights of another. */
  boxes(): Box[] {
    return this.#boxes.map((box) => {
      const sharing = this.#boxes.filter(({ parameters = [] }) =>
        parameters.some((parameter) => box.parameters?.includes(parameter)),
      );
      if (sharing.length < 2) return box;
      const others = sharing.filter(({ id }) => id !== box.id).map(({ title }) => title);
      return { ...box, shared: true, lines: [...box.lines, `weights shared with ${others.join(', ')}`] };
    });
  }

  /** Draws a run fed by boxes; gives the box that each of its outputs comes from. */
  #place(run: Run, feeds: readonly string[], place: Place): readonly string[] {
    const { module } = run;
    const expected = module.children().map(([, child]) => child);
    const open =
      (module instanceof Sequential || module instanceof Graph) &&
      expected.length > 0 &&
      expected.length === run.inner.length &&
      run.inner.every((inner, i) => inner.module === expected[i]);
    if (!open) {
      const layer = this.#layer(run, feeds, place);
      return run.outputs.map(() => layer);
    }

    const group = place.path === '' ? undefined : this.#group(place, module.kind);
    const within = (name: string): Place => ({ path: place.path === '' ? name : `${place.path}.${name}`, group });
    if (!(module instanceof Graph))
      return module.children().reduce((fed, [name], i) => this.#place(run.inner[i], fed, within(name)), feeds);
    const values = new Map(module.inputNames.map((name, i) => [name, feeds[i]]));
    module.wiring().forEach(({ name, wires }, i) => {
      const sources = wires.map((wire) => values.get(wire) as string);
      const [value] = this.#place(run.inner[i], sources, within(name));
      values.set(name, value);
      if (place.path === '') this.nodes.set(name, value);
    });
    return module.outputNames.map((name) => values.get(name) as string);
  }

  #layer(run: Run, feeds: readonly string[], { path, group }: Place): string {
    const { module, parameters } = run;
    const kind = module instanceof Lambda ? functionName(module.options.function) || module.kind : module.kind;
    const lines = [
      ...(module instanceof Lambda ? [] : describeOptions(module.options)),
      describeShapes(run.inputs, run.outputs),
      ...(parameters.length > 0 ? [describeParameters(parameters)] : []),
    ];
    const paths = path === '' ? ['', ...module.children().map(([name]) => name)] : [path];
    const id = this.#add('layer', path === '' ? kind : `${path} ${kind}`, lines, { group, parameters, paths });
    for (const from of feeds) this.arrows.push({ from, to: id });
    return id;
  }

  #group({ path, group: parent }: Place, kind: string): Group {
    return { id: `group ${this.#boxes.length} ${path}`, title: `${path} (${kind})`, parent };
  }

  #add(
    role: Box['role'],
    title: string,
    lines: readonly string[],
    more: Pick<Box, 'group' | 'paths' | 'parameters'> = {},
  ): string {
    const id = `${role} ${this.#boxes.length}`;
    this.#boxes.push({ id, role, title, lines, ...more });
    return id;
  }
}
