import type { Tensors } from '@nn/data';
import { inScope, Tensor } from '@nn/tensor';
import type { Figures, MetricValue } from './figures.js';
import type { Objective } from './objective.js';

/** Sums over the batches so far, plain JSON. */
export interface Sums {
  samples: number;
  /** The total loss of each batch times its samples, added up. */
  loss: number;
  losses: number[];
  /** The states of the metrics. */
  metrics: unknown[];
}

/** What a batch gave to be counted. */
export interface Measured {
  readonly total?: Tensor;
  readonly losses: readonly Tensor[];
  /** What each metric judges. */
  readonly judged: readonly Tensor[];
}

/** Gathers losses and metrics over batches; means are over samples, so uneven batches weigh as they should. */
export class Tally {
  readonly #objective: Objective;
  readonly sums: Sums;

  /** @param sums Where to go on; they are changed. Default: from nothing. */
  constructor(objective: Objective, sums?: Sums) {
    this.#objective = objective;
    const { lossNames, gauges } = objective;
    this.sums = sums ?? {
      samples: 0,
      loss: 0,
      losses: lossNames.map(() => 0),
      metrics: gauges.map(({ metric }) => metric.init()),
    };
  }

  /** Counts a batch. Errors: a metric without a target. */
  add(samples: number, { total, losses, judged }: Measured, targets: Tensors | undefined): void {
    const { sums } = this;
    sums.samples += samples;
    if (total) sums.loss += total.item() * samples;
    losses.forEach((loss, i) => {
      sums.losses[i] += loss.item() * samples;
    });
    this.#objective.gauges.forEach(({ metric, output, name }, i) => {
      const target = this.#objective.targetOf(targets, output);
      if (!(target instanceof Tensor))
        throw new TypeError(`The metric ${name} has no target: the data gives none; give batches { x, y }.`);
      const update = () => metric.update(sums.metrics[i], judged[i], target);
      sums.metrics[i] = output === undefined ? update() : inScope(`metrics.${output}`, update);
    });
  }

  figures(): Figures {
    const { samples, loss, losses, metrics } = this.sums;
    const { lossNames, gauges } = this.#objective;
    return {
      loss: lossNames.length > 0 ? loss / samples : Number.NaN,
      losses: Object.fromEntries(lossNames.map((name, i) => [name, losses[i] / samples])),
      metrics: Object.fromEntries(
        gauges.map(({ name, metric }, i): [string, MetricValue] => [name, metric.result(metrics[i])]),
      ),
    };
  }
}
