import {
  add,
  type Backend,
  defineKernel,
  defineOp,
  multiply,
  referenceBackend,
  relu,
  softmax,
  square,
  taping,
  tensor,
} from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { type BackendUnderTest, type OpCase, opCase, opSuite } from '../src/index.js';
import { halfSquare, halfSquareMeaning, onceOnly } from './faulty.js';

/** The errors of the checks that fail, by name. */
function faults(row: OpCase, backends: readonly BackendUnderTest[] = [referenceBackend]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, run } of opSuite(row, backends)) {
    try {
      run();
    } catch (error) {
      found[name] = (error as Error).message;
    }
  }
  return found;
}

/** The reference, with what one kernel leaves in its first buffer changed. */
const tampered = (
  kernel: string,
  change: (data: Float32Array, launches: number) => void,
  name = 'tampered',
): Backend => {
  let launches = 0;
  return {
    name,
    launch(launch) {
      referenceBackend.launch(launch);
      if (launch.kernel.name === kernel) change(launch.storages[0].data as Float32Array, launches++);
    },
  };
};

/** An op y = 2x whose kernel does it in a way to choose. */
const doubled = (reference: (y: ArrayLike<number> & { [i: number]: number }, x: ArrayLike<number>) => void) => {
  const kernel = defineKernel({
    name: 'faulty/double',
    buffers: { y: 'write', x: 'read' },
    over: 'element',
    reference: ({ y, x }) => reference(y, x),
  });
  return defineOp({
    name: 'faulty/double',
    inputs: ['x'],
    infer: ({ x }) => x,
    forward: ({ x, y }) => kernel({ y, x }),
    backward: { x: ({ dy }) => multiply(dy, 2) },
  });
};

const gradient = 'its gradient is its derivative';
const kept = 'its gradient is the same when kept differentiable';
const second = 'its second gradient is its second derivative';
const meaning = 'equals its meaning';
const capture = 'captured equals eager to the bit on reference';
const kernels = (backend: string) => `each kernel on ${backend} equals its reference`;

describe('opSuite', () => {
  test.each([opCase(add, [3, 1], [4]), opCase(relu, [5], { avoid: [0] }), opCase(softmax, [2, 3])])(
    'finds no fault in $name',
    (row) => {
      expect(faults(row)).toEqual({});
    },
  );

  test('has a check for each thing that must hold', () => {
    expect(opSuite(opCase(softmax, [2, 3]), [referenceBackend]).map(({ name }) => name)).toEqual([
      gradient,
      kept,
      second,
      meaning,
      capture,
      kernels('reference'),
    ]);
  });

  test('finds a wrong derivative', () => {
    expect(faults(opCase(halfSquare, [3]))).toEqual({ [gradient]: expect.stringMatching(/^input 0: fail/) });
  });

  test('finds a derivative that is another when it is kept differentiable', () => {
    const unsteady = defineOp({
      name: 'faulty/unsteady',
      inputs: ['x'],
      infer: ({ x }) => x,
      forward: ({ x, y }) => void y.assign(multiply(x, 2)),
      backward: { x: ({ dy }) => multiply(dy, taping() ? 2.5 : 2) },
    });
    expect(faults(opCase(unsteady, [3]))).toEqual({ [kept]: expect.stringMatching(/^gradient 0 at \[0\] is/) });
  });

  test('finds a derivative that cannot be differentiated again', () => {
    expect(Object.keys(faults(opCase(onceOnly, [3])))).toEqual([kept, second]);
    expect(faults(opCase(onceOnly, [3], { twice: false }))).toEqual({});
  });

  test('finds a meaning of other values, or of other gradients', () => {
    expect(
      faults(
        opCase(
          halfSquareMeaning((x) => multiply(square(x), 0.5)),
          [3],
        ),
      ),
    ).toEqual({});
    expect(
      faults(
        opCase(
          halfSquareMeaning((x) => add(multiply(square(x), 0.5), 1e-6)),
          [3],
        ),
      )[meaning],
    ).toMatch(/result 0 of the meaning at \[\d\] is/);
    expect(
      faults(
        opCase(
          halfSquareMeaning((x) => multiply(multiply(x, x.detach()), 0.5)),
          [3],
        ),
      )[meaning],
    ).toMatch(/gradient 0 through result 0/);
  });

  test('finds a gradient that is missing, or was not expected', () => {
    expect(faults(opCase((x) => square(x).detach(), [3], { note: 'cut off' }))[gradient]).toContain(
      'differentiable: false',
    );
    expect(Object.keys(faults(opCase(square, [3], { differentiable: false })))).toEqual(['has no gradient']);
  });

  test('finds a step that depends on JavaScript which a replay does not run', () => {
    let calls = 0;
    const counting = (x: Parameters<typeof multiply>[0]) => multiply(x, tensor([++calls]));
    expect(faults(opCase(counting, [3], { twice: false }))[capture]).toMatch(/call \d, result 0 at \[0\]/);
  });

  test('finds an element that a kernel does not write', () => {
    const lazy = doubled((y, x) => {
      for (let i = 0; i < x.length; i++) if (x[i] !== 0) y[i] = 2 * x[i];
    });
    expect(faults(opCase(lazy, [3]))[kernels('reference')]).toMatch(
      /^0 among the inputs: kernel "faulty\/double".*y: element/s,
    );
  });

  test('finds a kernel that changes what it may only read', () => {
    const greedy = doubled((y, x) => {
      for (let i = 0; i < x.length; i++) y[i] = 2 * x[i];
      if (x.length > 0) (x as number[])[0] = 7;
    });
    expect(faults(opCase(greedy, [3]))[kernels('reference')]).toContain('changes x, which it may only read');
  });

  test('finds a backend that differs, and says where', () => {
    const wrong = tampered('multiply', (y) => {
      y[y.length - 1] *= 1.001;
    });
    expect(faults(opCase(square, [3, 4]), [wrong])).toEqual({
      [kernels('tampered')]: expect.stringMatching(
        /its own sizes: kernel "multiply" on tampered: y: element 11 is .* instead of/,
      ),
    });
  });

  test('finds a backend that differs at odd sizes alone', () => {
    const wrong = tampered('multiply', (y) => {
      if (y.length === 35) y[34] = 0;
    });
    expect(faults(opCase(multiply, [3, 4], [3, 4]), [wrong])[kernels('tampered')]).toMatch(/^odd sizes/);
  });

  test('finds a configuration of a backend with other bits', () => {
    const other = tampered(
      'multiply',
      (y) => {
        y[0] *= 1 + 2 ** -23;
      },
      'other',
    );
    expect(faults(opCase(multiply, [3], [3]), [[referenceBackend, other]])[kernels('reference = other')]).toContain(
      'not the bits of reference',
    );
  });

  test('finds captures that differ on a backend that compiles', () => {
    const compiling: Backend = {
      ...referenceBackend,
      name: 'compiling',
      compile: () => ({ run: (_, results) => results[0].fill(1) }),
    };
    expect(Object.keys(faults(opCase(square, [3]), [compiling]))).toEqual([
      'captured equals eager to the bit on compiling',
    ]);
  });
});
