import { assignKernel } from './assign.js';
import { type Data, type DType, isFloat } from './dtype.js';
import { forbidInStep, forbidReading, guard } from './recorder.js';
import { formatShape, type Shape, ShapeError, sameShape, sizeOf } from './shape.js';
import { inUse, type Storage } from './storage.js';
import type { Node } from './tape.js';

/**
 * Numbers in a shape: contiguous, row-major, immutable but for `assign` and kernels that update.
 * Arithmetic is functions (`add(a, b)`); methods only read or identify.
 */
export class Tensor {
  readonly shape: Shape;
  readonly storage: Storage;
  /** The op that made it, while gradients are wanted. */
  origin: Node | undefined;
  readonly #leaf: boolean;

  constructor(storage: Storage, shape: Shape, options: { requiresGrad?: boolean } = {}) {
    if (sizeOf(shape) !== storage.data.length)
      throw new ShapeError(
        `${storage.data.length} numbers do not fill the shape ${formatShape(shape)}; give ${sizeOf(shape)}, or another shape.`,
      );
    if (options.requiresGrad && !isFloat(storage.dtype))
      throw new TypeError(
        `Only f32 and f64 tensors have gradients, not ${storage.dtype}; leave requiresGrad out, or choose one of them.`,
      );
    this.storage = storage;
    this.shape = shape;
    this.#leaf = options.requiresGrad ?? false;
  }

  get dtype(): DType {
    return this.storage.dtype;
  }

  /** Number of elements. */
  get size(): number {
    return this.storage.data.length;
  }

  /** True when `backward` computes a gradient for this tensor or passes through it. */
  get requiresGrad(): boolean {
    return this.#leaf || this.origin !== undefined;
  }

  /**
   * The numbers, row-major, not copied. To change them use `assign`. Small tensors may share one `buffer` with others, from
   * `byteOffset` on; a copy (`data.slice()`) has one of its own.
   * Errors: reading while a step is being recorded, while an asynchronous run uses them, or where a captured step only recorded
   * how they are made.
   */
  get data(): Data {
    forbidReading();
    this.storage.checkFree('Reading');
    return this.storage.data;
  }

  /** The value of a tensor of one element. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item() reads one number, and this tensor has ${formatShape(this.shape)}; use data.`);
    return this.data[0];
  }

  /** The numbers as nested arrays; a plain number for a scalar. */
  toArray(): NestedArray {
    const { data } = this;
    let position = 0;
    const nest = (axis: number): NestedArray =>
      axis === this.shape.length
        ? data[position++]
        : Array.from({ length: this.shape[axis] }, () => nest(axis + 1) as NestedArray);
    return nest(0);
  }

  /** The same numbers, cut off from the ops that made them. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape);
  }

  /**
   * Copies the numbers of `source` over this tensor's, in place; captured steps that use this tensor see them.
   * Errors: another shape.
   */
  assign(source: Tensor): this {
    if (!sameShape(source.shape, this.shape)) {
      throw new ShapeError(
        `assign: ${formatShape(source.shape)} cannot replace ${formatShape(this.shape)}; the shapes must be equal.`,
      );
    }
    assignKernel({ y: this, x: source });
    return this;
  }

  toString(): string {
    const head = `Tensor ${formatShape(this.shape)} ${this.dtype}`;
    if (this.storage.barred !== undefined)
      return `${head} (${this.storage.barred === inUse ? 'in use' : 'only recorded'})`;
    const shown = Array.from(this.storage.data.subarray(0, 8), (value) => Number(value.toPrecision(5)));
    return `${head} ${shown.join(' ')}${this.size > 8 ? ' …' : ''}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A number, or arrays of arrays of numbers. */
export type NestedArray = number | NestedArray[];

/** A tensor that training changes. Optimizers take these; layers make them. */
export class Parameter extends Tensor {
  /** False for biases and normalisation parameters, which weight decay spares unless asked. */
  readonly decay: boolean;
  #trainable = true;
  readonly #readTrainable = () => this.#trainable;

  constructor(initial: Tensor, options: { decay?: boolean } = {}) {
    super(initial.storage, initial.shape, { requiresGrad: true });
    this.decay = options.decay ?? true;
  }

  /** False for a frozen parameter: it gets no gradient and optimizers leave it alone. */
  get trainable(): boolean {
    return guard(this.#readTrainable);
  }

  /** Errors: inside a captured step that is being recorded. */
  set trainable(value: boolean) {
    forbidInStep('Setting trainable');
    this.#trainable = value;
  }

  override get requiresGrad(): boolean {
    return this.trainable;
  }
}
