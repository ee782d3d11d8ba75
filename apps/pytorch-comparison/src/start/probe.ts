/** This framework in a process of its own: `node probe.js ASSIGNMENT` prints its findings, as JSON. */

import type { Assignment, Findings } from './findings.js';
import { memory } from './memory.js';

const began = performance.now();
await import('@nn/nn');
const importSeconds = (performance.now() - began) / 1000;
const importBytes = memory('VmRSS');

const { contestantOf } = await import('../rivals/ours.js');
const { workloadNamed } = await import('../workloads.js');
const { folder, workload, threads, steps, batches } = JSON.parse(process.argv[2]) as Assignment;
const contestant = contestantOf({ workload: workloadNamed(workload), folder }, { captured: true, threads });
const firstSteps: number[] = [];
for (let i = 0; i < 3; i++) {
  const { seconds } = await contestant.run({ batches: [batches[i]], steps: 1 });
  firstSteps.push(1000 * seconds);
}
await contestant.run({ batches, steps: steps - 3 });
const risenBytes = memory('VmHWM') - importBytes;
const findings: Findings = { importSeconds, importBytes, firstSteps, risenBytes };
console.log(JSON.stringify(findings));
