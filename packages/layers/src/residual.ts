import { add, formatShape, inLayer, ShapeError, sameShape, type Tensor } from '@nn/tensor';
import { type After, currentAfter, runBefore } from './following.js';
import type { Initializer } from './initializers.js';
import { asModule, type LayerLike } from './lambda.js';
import { type AnyModule, Module } from './module.js';

export interface ResidualOptions {
  /** What is learned on top of the shortcut. */
  readonly body: LayerLike;
  /** What fits the input to the body's shape, such as a convolution of size 1. Default: the identity. */
  readonly shortcut?: LayerLike;
}

/**
 * `y = body(x) + shortcut(x)`. Shapes: x [batch, ...] → y, the shape that both give. State keys: `body.…`, `shortcut.…`.
 * Errors: unknown options; body and shortcut that give different shapes.
 * Source: He et al. 2015, arXiv:1512.03385, §3.
 */
export class Residual extends Module<ResidualOptions> {
  static override readonly kind = 'Residual';
  readonly body: AnyModule;
  readonly shortcut?: AnyModule;

  constructor(options: ResidualOptions) {
    super(options, ['body', 'shortcut']);
    this.body = asModule(options.body, 'Residual: body');
    if (options.shortcut) this.shortcut = asModule(options.shortcut, 'Residual: shortcut');
  }

  /** What the body begins with. */
  override initBefore(after: After): Initializer {
    return this.body.initBefore(after);
  }

  protected forward(x: Tensor): Tensor {
    const after = currentAfter();
    const run = (module: AnyModule) => runBefore(module, after, () => module.run(x) as Tensor);
    const y = run(this.body);
    const base = this.shortcut ? run(this.shortcut) : x;
    if (!sameShape(y.shape, base.shape))
      throw new ShapeError(
        `${this.kind}${inLayer()}: the body gives ${formatShape(y.shape)}, the shortcut ${formatShape(base.shape)}; ` +
          'give a shortcut that makes them equal, such as a convolution of size 1 with the same stride.',
      );
    return add(y, base);
  }
}
