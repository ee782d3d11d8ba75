import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed, permutation } from '@nn/nn';
import { writeArrays } from './arrays.js';
import type { Work } from './contestant.js';
import { modelOf } from './model.js';
import { samplesOf } from './samples.js';
import type { Workload } from './workloads.js';

/** What all sides of a workload are given. */
export interface Material {
  /** Where the samples and the initial weights lie. */
  readonly folder: string;
  readonly batches: Work['batches'];
}

/** Writes samples and initial weights of a workload to a folder that is there while `use` runs. */
export async function withMaterial<T>(workload: Workload, use: (material: Material) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nn-compare-'));
  try {
    manualSeed(0);
    const samples = await samplesOf(workload.network);
    writeArrays(folder, new Map([...modelOf(workload.network).stateDict(), ...samples]));
    return await use({ folder, batches: batchesOf(workload, samples[0][1].shape[0]) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Random batches, few enough that either side finds most of them in its caches. */
function batchesOf({ batch }: Workload, rows: number): Work['batches'] {
  return Array.from({ length: 16 }, (_, i) => Array.from(permutation(rows, i).subarray(0, batch)));
}
