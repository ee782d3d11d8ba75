import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Tensor } from '@nn/nn';
import type { Contestant, Result } from './contestant.js';
import type { Workload } from './workloads.js';

const script = fileURLToPath(new URL('../python/rival.py', import.meta.url));
const dtypes = { f32: '<f4', f64: '<f8', i32: '<i4', u8: '|u1' } as const;

/** Writes arrays for the Python side: raw numbers, and a manifest that says what they are. */
export function writeArrays(folder: string, arrays: ReadonlyMap<string, Tensor>): void {
  mkdirSync(folder, { recursive: true });
  const manifest = [...arrays].map(([name, { dtype, shape, data }], i) => {
    const file = `${i}.bin`;
    writeFileSync(join(folder, file), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { name, file, dtype: dtypes[dtype], shape };
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

export interface PytorchOptions {
  readonly python: string;
  /** Where `writeArrays` put data and weights. */
  readonly folder: string;
  /** `eager`, or `fused` for the optimizer in one kernel. */
  readonly variant: 'eager' | 'fused';
  readonly threads: number;
}

/** PyTorch in a process of its own. Errors: no Python, or none with PyTorch, with the line that installs it. */
export async function pytorch(
  workload: Workload,
  { python, folder, variant, threads }: PytorchOptions,
): Promise<Contestant> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const failed = once(child, 'error').then(([error]) => {
    throw explain(python, String(error));
  });
  const ended = once(child, 'exit').then(() => {
    throw explain(python, complaint);
  });
  for (const promise of [failed, ended]) promise.catch(() => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (command: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value } = await Promise.race([lines.next(), failed, ended]);
    if (value === undefined) await ended;
    return JSON.parse(value as string);
  };
  const { network, optimizer } = workload;
  await ask({ folder, workload: network, optimizer, variant, threads }).catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    name: `PyTorch ${variant}`,
    run: async (steps) => (await ask({ steps })) as Result,
    close: () => child.kill(),
  };
}

function explain(python: string, reason: string): Error {
  return new Error(
    `${python} cannot run PyTorch. Install it with: python3 -m venv .venv && .venv/bin/pip install torch numpy\n` +
      `and name another Python by --python. It said:\n${reason.trim().split('\n').slice(-3).join('\n')}`,
  );
}
