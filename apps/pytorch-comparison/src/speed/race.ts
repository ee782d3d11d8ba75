import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed, permutation } from '@nn/nn';
import { writeArrays } from '../arrays.js';
import { boundOf, needsOf } from '../bound.js';
import { contest, type Pace, type Timing } from '../contest.js';
import type { Rival, Task, Work } from '../contestant.js';
import type { Limits } from '../limits.js';
import { modelOf } from '../model.js';
import { hasDropout, withoutDropout } from '../networks.js';
import type { Workload } from '../workloads.js';
import { type Row, rowOf } from './row.js';
import { samplesOf } from './samples.js';

export interface RaceOptions {
  /** This framework first. */
  readonly rivals: readonly Rival[];
  readonly threads: readonly number[];
  readonly quick: boolean;
  readonly limits: Limits;
}

/** How long each contestant runs. */
const paceOf = (quick: boolean): Pace =>
  quick ? { rounds: 7, turnSeconds: 0.05, warmSeconds: 0.2 } : { rounds: 21, turnSeconds: 0.15, warmSeconds: 0.7 };

/** Lets every rival do one workload, on the same samples, initial weights and batches. */
export async function race(workload: Workload, { rivals, threads, quick, limits }: RaceOptions): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'nn-compare-'));
  try {
    manualSeed(0);
    const samples = await samplesOf(workload.network);
    writeArrays(folder, new Map([...modelOf(workload.network).stateDict(), ...samples]));
    const task: Task = { workload, folder, threads, quick };
    const batches = batchesOf(workload, samples[0][1].shape[0]);
    const needs = needsOf(task);
    const timings = await meet(rivals, task, { batches, pace: paceOf(quick) });
    const compared = hasDropout(workload.network) ? await maskless(rivals, task, batches) : timings;
    return rowOf(workload, timings, { compared, bound: { ...needs, milliseconds: 1000 * boundOf(needs, limits) } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Random batches, few enough that either side finds most of them in its caches. */
function batchesOf({ batch }: Workload, rows: number): Work['batches'] {
  return Array.from({ length: 16 }, (_, i) => Array.from(permutation(rows, i).subarray(0, batch)));
}

async function meet(
  rivals: readonly Rival[],
  task: Task,
  { batches, pace }: { readonly batches: Work['batches']; readonly pace: Pace },
): Promise<Timing[]> {
  const contestants = [];
  for (const rival of rivals) contestants.push(...(await rival.open(task)));
  try {
    return await contest(contestants, batches, pace);
  } finally {
    for (const contestant of contestants) await contestant.close();
  }
}

/** The first steps without dropout, for which every side draws masks of its own: their values can be compared. */
function maskless(rivals: readonly Rival[], task: Task, batches: Work['batches']): Promise<Timing[]> {
  const workload = { ...task.workload, network: withoutDropout(task.workload.network) };
  const pace = { rounds: 0, turnSeconds: 0, warmSeconds: 0 };
  return meet(rivals, { ...task, workload, quick: true }, { batches, pace });
}
