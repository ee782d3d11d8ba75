import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { spreadOf } from '../figures.js';
import { withMaterial } from '../material.js';
import { peerScript } from '../peer-script.js';
import { framework } from '../rivals/ours.js';
import { pytorchName } from '../rivals/pytorch.js';
import { type Workload, workloadNamed } from '../workloads.js';
import type { Assignment, Findings } from './findings.js';

/** What new processes showed on one workload: medians. */
export interface Start {
  readonly workload: string;
  readonly framework: string;
  readonly way: string;
  readonly findings: Findings;
}

export interface StartOptions {
  /** The Python that has PyTorch; undefined where there is none. */
  readonly python: string | undefined;
  readonly threads: number;
  /** One process instead of three, and none that compiles. */
  readonly quick: boolean;
}

/** The workloads of which starts are measured. */
const started = ['mlp 128', 'lenet 128', 'cnn 64'].map(workloadNamed);

const ownProbe = fileURLToPath(new URL('./start/probe.js', import.meta.url));

/** Measures import, first steps and memory of this framework and PyTorch, each in processes of its own. */
export async function starts(chosen: readonly Workload[], { python, threads, quick }: StartOptions): Promise<Start[]> {
  const found: Start[] = [];
  for (const workload of started.filter((one) => chosen.includes(one))) {
    await withMaterial(workload, async ({ folder, batches }) => {
      const { name, network, task } = workload;
      const common = { workload: name, network, task, folder, threads, steps: 40, batches };
      const probe = async (framework: string, way: string, command: readonly string[], times: number) => {
        const findings: Findings[] = [];
        for (let i = 0; i < times; i++) findings.push(await findingsOf(command, { ...common, way }));
        found.push({ workload: name, framework, way, findings: medianOf(findings) });
      };
      const times = quick ? 1 : 3;
      await probe(framework, 'captured', [process.execPath, ownProbe], times);
      if (!python) return;
      const script = [python, peerScript('pytorch/probe.py')];
      await probe(pytorchName, 'eager', script, times);
      if (!quick) await probe(pytorchName, 'compiled', script, 1);
    });
  }
  return found;
}

/** Runs a probe, with nothing that an earlier one compiled. */
async function findingsOf([program, script]: readonly string[], assignment: Assignment): Promise<Findings> {
  const cache = mkdtempSync(join(tmpdir(), 'nn-compare-cache-'));
  try {
    const env = { ...process.env, TORCHINDUCTOR_CACHE_DIR: cache };
    const { stdout } = await promisify(execFile)(program, [script, JSON.stringify(assignment)], { env });
    return JSON.parse(stdout) as Findings;
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function medianOf(all: readonly Findings[]): Findings {
  const median = (pick: (findings: Findings) => number) => spreadOf(all.map(pick)).median;
  return {
    importSeconds: median(({ importSeconds }) => importSeconds),
    importBytes: median(({ importBytes }) => importBytes),
    firstSteps: all[0].firstSteps.map((_, i) => median(({ firstSteps }) => firstSteps[i])),
    risenBytes: median(({ risenBytes }) => risenBytes),
  };
}
