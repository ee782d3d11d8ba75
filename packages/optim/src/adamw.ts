import { Adam, type AdamOptions } from './adam.js';

/**
 * Adam with decoupled weight decay, default 0.01: the parameter itself shrinks by `learningRate·weightDecay` a step.
 * Source: Loshchilov & Hutter 2017, arXiv:1711.05101, algorithm 2. Errors: unknown options; values out of range.
 */
export class AdamW extends Adam {
  static override readonly kind: string = 'AdamW';
  protected override readonly decoupled = true;

  constructor(options: AdamOptions = {}) {
    super(options, { weightDecay: 0.01 });
  }
}
