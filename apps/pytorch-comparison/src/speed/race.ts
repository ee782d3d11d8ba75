import { boundOf, needsOf } from '../bound.js';
import { contest, type Outcome, type Pace } from '../contest.js';
import type { Rival, Task, Work } from '../contestant.js';
import type { Limits } from '../limits.js';
import { withMaterial } from '../material.js';
import { comparable, hasDropout } from '../networks.js';
import type { Workload } from '../workloads.js';
import { type Row, rowOf } from './row.js';

export interface RaceOptions {
  /** This framework first. */
  readonly rivals: readonly Rival[];
  readonly threads: readonly number[];
  readonly quick: boolean;
  readonly limits: Limits;
}

/** How long each contestant runs. */
const paceOf = (quick: boolean): Pace =>
  quick ? { rounds: 7, turnSeconds: 0.05, warmSeconds: 0.2 } : { rounds: 15, turnSeconds: 0.12, warmSeconds: 0.5 };

/** Lets every rival do one workload, on the same samples, initial weights and batches. */
export function race(workload: Workload, { rivals, threads, quick, limits }: RaceOptions): Promise<Row> {
  return withMaterial(workload, async ({ folder, batches }) => {
    const task: Task = { workload, folder, threads, quick };
    const needs = needsOf(task);
    const outcome = await meet(rivals, task, { batches, pace: paceOf(quick) });
    const refused = new Set(outcome.refusals.map(({ framework }) => framework));
    const able = rivals.filter(({ framework }) => !refused.has(framework));
    const compared = hasDropout(workload.network) ? await comparableSteps(able, task, batches) : outcome;
    const bound = { ...needs, milliseconds: 1000 * boundOf(needs, limits) };
    return rowOf(workload, outcome, { compared, bound });
  });
}

async function meet(
  rivals: readonly Rival[],
  task: Task,
  { batches, pace }: { readonly batches: Work['batches']; readonly pace: Pace },
): Promise<Outcome> {
  const contestants = [];
  for (const rival of rivals) contestants.push(...(await rival.open(task)));
  try {
    return await contest(contestants, batches, pace);
  } finally {
    for (const contestant of contestants) await contestant.close();
  }
}

/** The first steps of the network that can be compared. */
function comparableSteps(rivals: readonly Rival[], task: Task, batches: Work['batches']): Promise<Outcome> {
  const workload = { ...task.workload, network: comparable(task.workload.network) };
  const pace = { rounds: 0, turnSeconds: 0, warmSeconds: 0 };
  return meet(rivals, { ...task, workload, quick: true }, { batches, pace });
}
