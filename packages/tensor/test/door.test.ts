import { describe, expect, test } from 'vitest';
import {
  add,
  attach,
  type Backend,
  capture,
  currentBackend,
  defineKernel,
  empty,
  inScope,
  type Launch,
  multiply,
  ones,
  referenceBackend,
  type Tensor,
  useBackend,
  withBackend,
} from '../src/index.js';

const scaled = defineKernel({
  name: 'test/scaled',
  buffers: { y: 'write', x: { access: 'read', as: 'shared' } },
  over: 'element',
  attrs: { factor: 'number', shape: 'numbers' },
  flops: ({ shape }) => shape.reduce((size, dimension) => size * dimension, 1),
  reference({ y, x }, { factor }) {
    for (let i = 0; i < y.length; i++) y[i] = factor * x[i];
  },
});

/** A backend that notes what it launches. */
function noting(name: string): { backend: Backend; seen: string[] } {
  const seen: string[] = [];
  const launch = (l: Launch) => {
    seen.push(l.kernel.name);
    referenceBackend.launch(l);
  };
  return { backend: { name, launch }, seen };
}

describe('a kernel', () => {
  test('describes itself to backends, in declared order', () => {
    const { kernel } = scaled;
    expect(kernel).toMatchObject({
      name: 'test/scaled',
      over: 'element',
      bufferNames: ['y', 'x'],
      accesses: ['write', 'read'],
      divisions: ['tiled', 'shared'],
      attrNames: ['factor', 'shape'],
      attrKinds: ['number', 'numbers'],
    });
    expect(kernel.flops?.({ factor: 1, shape: [2, 3] }, [6, 6])).toBe(6);
  });

  test('launches on any backend, by its reference where the backend does not know it', () => {
    const y = empty([2]);
    scaled({ y, x: ones([2]) }, { factor: 3, shape: [2] });
    expect(y.toArray()).toEqual([3, 3]);
  });

  test('raises the versions of what it changes', () => {
    const [y, x] = [empty([2]), ones([2])];
    const before = [y.storage.version, x.storage.version];
    scaled({ y, x }, { factor: 3, shape: [2] });
    expect([y.storage.version, x.storage.version]).toEqual([before[0] + 1, before[1]]);
  });
});

describe('the door', () => {
  test('shows every launch to those who stand at it, the last one outermost', () => {
    const order: string[] = [];
    const standing = (name: string) =>
      attach(({ kernel, path }, run) => {
        order.push(`${name} before ${kernel.name} in ${path}`);
        run();
        order.push(`${name} after`);
      });
    const detach = [standing('inner'), standing('outer')];
    const x = ones([1]);
    order.length = 0;
    inScope('layer', () => multiply(x, x));
    for (const leave of detach) leave();
    multiply(x, x);
    expect(order).toEqual([
      'outer before multiply in layer',
      'inner before multiply in layer',
      'inner after',
      'outer after',
    ]);
  });

  test('leaves by itself only', () => {
    const detach = attach((_, run) => run());
    detach();
    detach();
    expect(add(ones([1]), 1).item()).toBe(2);
  });
});

describe('backends', () => {
  test('are chosen for a while, or for good', () => {
    const { backend, seen } = noting('noting');
    expect(withBackend(backend, () => [currentBackend().name, add(1, 1).item()])).toEqual(['noting', 2]);
    expect([currentBackend().name, seen]).toEqual(['reference', ['add']]);
    expect(() =>
      withBackend(backend, () => {
        throw new Error('out');
      }),
    ).toThrow('out');
    expect(currentBackend()).toBe(referenceBackend);
    useBackend(backend);
    add(1, 1);
    useBackend(referenceBackend);
    expect(seen).toEqual(['add', 'add']);
  });

  test('replay what was recorded on another', () => {
    const step = capture((x: Tensor) => multiply(x, 2));
    for (let i = 0; i < 3; i++) step(ones([1]));
    const { backend, seen } = noting('noting');
    const x = ones([1]);
    expect(withBackend(backend, () => step(x)).item()).toBe(2);
    expect(seen).toEqual(['multiply']);
    expect(step(x).item()).toBe(2);
    expect(seen).toEqual(['multiply']);
  });
});
