import { OptionError, type Tensor } from '@nn/tensor';
import { joined } from './concat.js';
import { type After, agreedInit, currentAfter, runBefore } from './following.js';
import type { Initializer } from './initializers.js';
import { asModule, type LayerLike } from './lambda.js';
import { type AnyModule, Module } from './module.js';
import { checkRequired } from './options.js';

export interface InceptionOptions {
  /** What the input goes through side by side, each giving the same height and width. */
  readonly branches: readonly LayerLike[];
}

/**
 * Branches side by side on one input, their results joined along the channels, in order: `y = [b₁(x), b₂(x), …]`. State keys:
 * `branches.0.…`, `branches.1.…`. Shapes: x [batch, channels, ...] → y [batch, channels₁ + channels₂ + …, ...].
 *
 * ```ts
 * new Inception({ branches: [
 *   new Conv2d({ outChannels: 64, kernelSize: 1 }),
 *   new Sequential([new Conv2d({ outChannels: 96, kernelSize: 1 }), relu, new Conv2d({ outChannels: 128, kernelSize: 3, padding: 1 })]),
 *   new Sequential([new MaxPool2d({ kernelSize: 3, stride: 1, padding: 1 }), new Conv2d({ outChannels: 32, kernelSize: 1 })]),
 * ] })
 * ```
 * Errors: unknown options; no branches; branches whose other sizes differ.
 * Source: Szegedy et al. 2014, arXiv:1409.4842, §4.
 */
export class Inception extends Module<InceptionOptions> {
  static override readonly kind = 'Inception';
  readonly branches: readonly AnyModule[];

  constructor(options: InceptionOptions) {
    super(options, ['branches']);
    checkRequired(this.kind, options, 'branches');
    if (!Array.isArray(options.branches) || options.branches.length === 0)
      throw new OptionError(`${this.kind}: branches is an array of one layer or more.`);
    this.branches = options.branches.map((branch, i) => asModule(branch, `Inception: branch ${i}`));
  }

  override initBefore(after: After): Initializer {
    return agreedInit(this.branches.map((branch) => branch.initBefore(after)));
  }

  protected forward(x: Tensor): Tensor {
    const after = currentAfter();
    const results = this.branches.map((branch) => runBefore(branch, after, () => branch.run(x) as Tensor));
    return joined(this.kind, results, {});
  }
}
