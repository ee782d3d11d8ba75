import { capture, type Program, type Tensor, tensor } from '@nn/nn';
import type { Task } from './contestant.js';
import type { Limits } from './limits.js';
import { preparedStep } from './rivals/ours.js';

/** What one step needs at least. */
export interface Needs {
  /** Floating-point operations of products and convolutions, counted as their definitions have them. */
  readonly flops: number;
  /** Bytes that enter or leave: parameters and optimizer state, read and written once, and the batch. */
  readonly bytes: number;
}

/** What a step of the workload needs at least, by the launches it records. */
export function needsOf(task: Pick<Task, 'workload' | 'folder'>): Needs {
  const { given, step, samples } = preparedStep(task);
  const { batch } = task.workload;
  const captured = capture(step);
  const argument = given(tensor(Int32Array.from({ length: batch }, (_, i) => i)));
  for (let i = 0; i < 2; i++) captured(argument);
  const rows = samples.x.shape[0];
  const outside = new Set([samples.x, samples.y].map(({ storage }) => storage));
  return programNeeds(captured.programs[0], (storage) => (outside.has(storage) ? batch / rows : 1));
}

/** `share` says how much of an outside tensor a step touches. */
export function programNeeds({ launches, buffers }: Program, share: (storage: Tensor['storage']) => number): Needs {
  const accesses = buffers.map(() => new Set<'read' | 'write'>());
  let flops = 0;
  for (const { kernel, attrs, buffers: used } of launches) {
    const lengths = used.map((buffer) => buffers[buffer].length);
    if (kernel.product) flops += kernel.flops?.(attrs, lengths) ?? 0;
    used.forEach((buffer, i) => {
      if (kernel.accesses[i] !== 'write') accesses[buffer].add('read');
      if (kernel.accesses[i] !== 'read') accesses[buffer].add('write');
    });
  }
  const bytes = buffers.reduce((sum, { kind, length, dtype, storage }, i) => {
    if (kind === 'temporary') return sum;
    return sum + accesses[i].size * length * bytesOf[dtype] * (storage ? share(storage) : 1);
  }, 0);
  return { flops, bytes };
}

const bytesOf = { f32: 4, f64: 8, i32: 4, u8: 1 } as const;

/** The roofline: seconds that a step takes at least, `max(flops / peak, bytes / bandwidth)`. Williams et al. 2009. */
export const boundOf = ({ flops, bytes }: Needs, limits: Limits): number =>
  Math.max(flops / limits.flops, bytes / limits.bandwidth(bytes));
