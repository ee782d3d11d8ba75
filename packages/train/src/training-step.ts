import type { Tensors } from '@nn/data';
import type { AnyModule } from '@nn/layers';
import type { Optimizer } from '@nn/optim';
import { backward, type Tensor } from '@nn/tensor';
import { type Batch, inputsOf, samplesOf } from './batches.js';
import { type Clip, limiter } from './clip.js';
import type { StepEvent } from './events.js';
import { at, explained, LossError, type Place } from './faults.js';
import { gradientNorms } from './gradient-norms.js';
import { withNumbers } from './numbers.js';
import type { Objective } from './objective.js';
import { Pacer } from './pace.js';
import type { Measured, Tally } from './tally.js';

export interface TrainingStepOptions {
  readonly optimizer: Optimizer;
  /** Default: gradients are not limited. */
  readonly clip: Clip | undefined;
  /** False to run eagerly. */
  readonly captured: boolean;
  /** True to stop at the first NaN or infinity. */
  readonly checked: boolean;
  /** True to measure the length of each layer's gradient. */
  readonly gradientNorms: boolean;
}

/** What a step gives. */
type Stepped = Omit<Measured, 'total'> & { readonly total: Tensor; readonly norms: Readonly<Record<string, Tensor>> };

/** What is told of a step that is done. */
export type Done = Pick<StepEvent, 'loss' | 'gradientNorms'>;

/** What training repeats: outputs, losses, gradients, update. */
export class TrainingStep {
  readonly #model: AnyModule;
  readonly #optimizer: Optimizer;
  readonly #checked: boolean;
  readonly #pacer: Pacer<[x: Tensor[], y: Tensors | readonly []], Stepped>;

  constructor(model: AnyModule, objective: Objective, options: TrainingStepOptions) {
    const { optimizer, clip, captured, checked } = options;
    this.#model = model;
    this.#optimizer = optimizer;
    this.#checked = checked;
    const limited = limiter(clip);
    this.#pacer = new Pacer(
      (x, y) => {
        const outputs = objective.run(...x);
        const { losses, total } = objective.lossesOf(outputs, Array.isArray(y) ? undefined : (y as Tensors));
        if (!total)
          throw new Error(
            'Trainer: every loss has the weight 0, so there is nothing to learn; give one a weight above 0.',
          );
        const gradients = backward(total);
        const norms = options.gradientNorms ? gradientNorms(model, gradients) : {};
        optimizer.step(limited(gradients));
        return {
          total: total.detach(),
          losses: losses.map((loss) => loss.detach()),
          judged: objective.judged(outputs),
          norms,
        };
      },
      { captured },
    );
  }

  /** One step on `batch`, which `tally` counts. Errors: as `Trainer.training`, with `place`. */
  async take(batch: Batch, tally: Tally, place: Place): Promise<Done> {
    try {
      const x = inputsOf(this.#model, batch.x);
      const measured = await withNumbers(this.#checked, () => this.#pacer.run(x, batch.y ?? []));
      const loss = measured.total.item();
      if (!Number.isFinite(loss)) throw new LossError(loss, place, this.#optimizer.learningRate);
      tally.add(samplesOf(batch), measured, batch.y);
      const norms = Object.entries(measured.norms).map(([layer, norm]) => [layer, norm.item()] as const);
      return { loss, ...(norms.length > 0 && { gradientNorms: Object.fromEntries(norms) }) };
    } catch (error) {
      throw explained(error, at(place));
    }
  }
}
