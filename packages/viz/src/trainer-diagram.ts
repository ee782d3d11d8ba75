import type { InputSpec } from '@nn/layers';
import type { AnyMetric, Trainer, WeightedLoss } from '@nn/train';
import { describeOptions } from './describe.js';
import type { Arrow, Box, Diagram } from './diagram.js';
import { modelDiagram } from './model-diagram.js';

/** Something given for one output of a model; no output is named where there is but one. */
type ByOutput<T> = readonly (readonly [output: string | undefined, given: T])[];

/** A model's diagram with the targets, losses and metrics of its outputs, and the optimizer with its settings. */
export function trainerDiagram(trainer: Trainer, inputs: readonly InputSpec[]): Diagram {
  const { title, boxes, arrows, outputs } = modelDiagram(trainer.model, inputs);
  const judges: Box[] = [];
  const wires: Arrow[] = [];
  const [onlyOutput] = outputs.values();
  const targets = new Map<string, string>();

  const judge = (box: Box, output: string | undefined) => {
    const judged = (output === undefined ? undefined : outputs.get(output)) ?? onlyOutput;
    const target = targets.get(judged) ?? `target ${judged}`;
    if (!targets.has(judged)) {
      targets.set(judged, target);
      judges.push({
        id: target,
        role: 'target',
        title: output === undefined ? 'target' : `target of ${output}`,
        lines: [],
      });
    }
    judges.push(box);
    wires.push({ from: judged, to: box.id }, { from: target, to: box.id });
  };
  const losses = lossesOf(trainer);
  for (const [i, [output, given]] of losses.entries()) judge(lossBox(given, i, output), output);
  for (const [i, [output, metric]] of metricsOf(trainer).entries()) judge(metricBox(metric, i), output);

  const optimizer = optimizerBox(trainer);
  const steps = losses.map((_, i): Arrow => ({ from: `loss ${i}`, to: optimizer.id }));
  return { title, boxes: [...boxes, ...judges, optimizer], arrows: [...arrows, ...wires, ...steps] };
}

const isLoss = (value: object): value is WeightedLoss =>
  ('run' in value && typeof value.run === 'function') || ('loss' in value && isLoss(value.loss as object));

const lossesOf = ({ losses }: Trainer): ByOutput<WeightedLoss> =>
  isLoss(losses) ? [[undefined, losses]] : Object.entries(losses);

const metricsOf = ({ metrics }: Trainer): ByOutput<AnyMetric> =>
  Array.isArray(metrics)
    ? metrics.map((metric: AnyMetric) => [undefined, metric])
    : Object.entries(metrics).flatMap(([output, list]: [string, readonly AnyMetric[]]) =>
        list.map((metric) => [output, metric] as const),
      );

function lossBox(given: WeightedLoss, i: number, output: string | undefined): Box {
  const { loss, weight = 1 } = 'loss' in given ? given : { loss: given };
  const lines = [...describeOptions(loss.options), ...(weight === 1 ? [] : [`weight ${weight}`])];
  const paths = [output === undefined ? 'loss' : `loss.${output}`];
  return { id: `loss ${i}`, role: 'loss', title: loss.name, lines, paths };
}

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
