import type { InputSpec, Regularizer } from '@nn/layers';
import { type AnyMetric, type ResolvedLoss, resolveLosses, type Trainer } from '@nn/train';
import { describeOptions } from './describe.js';
import type { Arrow, Box, Diagram } from './diagram.js';
import { modelDiagram } from './model-diagram.js';

/**
 * A model's diagram with the targets, losses and metrics of its outputs, and the optimizer with its settings; without them
 * where all its parameters are frozen, as nothing is left to train.
 */
export function trainerDiagram(trainer: Trainer, inputs: readonly InputSpec[]): Diagram {
  const { title, boxes, arrows, outputs, nodes } = modelDiagram(trainer.model, inputs);
  const parameters = trainer.model.parameters();
  if (parameters.length > 0 && parameters.every(({ trainable }) => !trainable)) return { title, boxes, arrows };
  const judges: Box[] = [];
  const wires: Arrow[] = [];
  const [[onlyName, onlyOutput]] = outputs;
  const targets = new Map<string, string>();

  const judged = (name: string | undefined) => outputs.get(name ?? onlyName) ?? nodes.get(name ?? '') ?? onlyOutput;
  const targetOf = (name: string | undefined, title: string) => {
    const key = name ?? onlyName;
    const id = targets.get(key) ?? `target ${key}`;
    if (!targets.has(key)) judges.push({ id, role: 'target', title, lines: [] });
    targets.set(key, id);
    return id;
  };
  const judge = (box: Box, from: readonly string[]) => {
    judges.push(box);
    wires.push(...from.map((id) => ({ from: id, to: box.id })));
  };
  const ofOutput = (name: string | undefined) => targetOf(name, name === undefined ? 'target' : `target of ${name}`);

  const terms = resolveLosses(trainer.losses);
  const targetsOf = ({ loss, targets: names, judged: output }: ResolvedLoss) => {
    if (loss.takesTarget === false) return [];
    return names?.map((name) => targetOf(name, `target ${name}`)) ?? [ofOutput(output)];
  };
  for (const [i, term] of terms.entries()) judge(lossBox(term, i), [...term.of.map(judged), ...targetsOf(term)]);
  for (const [i, [output, metric]] of metricsOf(trainer).entries())
    judge(metricBox(metric, i), [judged(output), ofOutput(output)]);

  const optimizer = optimizerBox(trainer);
  const penalties = [trainer.regularizers].flat().map(penaltyBox);
  const losses = [...terms.map((_, i) => `loss ${i}`), ...penalties.map(({ id }) => id)];
  const steps = losses.map((from): Arrow => ({ from, to: optimizer.id }));
  return { title, boxes: [...boxes, ...judges, ...penalties, optimizer], arrows: [...arrows, ...wires, ...steps] };
}

/** Metrics with the output that each judges; no output is named where there is but one. */
const metricsOf = ({ metrics }: Trainer): readonly (readonly [output: string | undefined, metric: AnyMetric])[] =>
  Array.isArray(metrics)
    ? metrics.map((metric: AnyMetric) => [undefined, metric])
    : Object.entries(metrics).flatMap(([output, list]: [string, readonly AnyMetric[]]) =>
        list.map((metric) => [output, metric] as const),
      );

function lossBox({ loss, name, path, weight, of }: ResolvedLoss, i: number): Box {
  const own = name === loss.name || of.includes(name) ? [] : [`reported as ${name}`];
  const lines = [...describeOptions(loss.options), ...(weight === 1 ? [] : [`weight ${weight}`])];
  return { id: `loss ${i}`, role: 'loss', title: loss.name, lines: [...lines, ...own], paths: [path] };
}

const penaltyBox = ({ kind, name, options }: Regularizer, i: number): Box => ({
  id: `penalty ${i}`,
  role: 'loss',
  title: kind,
  lines: describeOptions(options),
  paths: [`penalty.${name}`],
});

const metricBox = ({ name, options }: AnyMetric, i: number): Box => ({
  id: `metric ${i}`,
  role: 'metric',
  title: name,
  lines: describeOptions({ ...options, name: undefined }),
});

function optimizerBox({ optimizer, schedule, clip }: Trainer): Box {
  const settings = describeOptions({ learningRate: optimizer.initialLearningRate, ...optimizer.options });
  const plan = schedule ? [[schedule.kind, ...describeOptions(schedule.options)].join(', ')] : [];
  const limits = clip ? [`gradients clipped by ${describeOptions(clip).join(', ')}`] : [];
  const lines = [...settings, ...plan, ...limits];
  return { id: 'optimizer', role: 'optimizer', title: optimizer.kind, lines, paths: ['optimizer', 'clip'] };
}
