import { instructionSet } from '@nn/native-kernels';
import { setThreads } from '@nn/nn';
import { machine } from '@nn/pytorch-comparison/src/machine.js';
import { type Workload, workloads } from '@nn/pytorch-comparison/src/workloads.js';
import { Command } from 'commander';
import { relativeTime } from './measure.js';
import { readRecord, writeRecord } from './records.js';
import { isSlower, verdictOf } from './verdict.js';

interface Options {
  readonly record?: boolean;
  readonly only?: readonly string[];
}

const program = new Command('bench:check')
  .description(
    'Times the captured step of each workload on two threads, in products of 512 × 512 matrices, and fails where it is ' +
      'more than 20 % slower than recorded.',
  )
  .option('--record', 'write down the times of this run instead')
  .option('--only <names>', 'workloads, such as mlp or "lenet 128"', (text) => text.split(','));

async function main(): Promise<void> {
  const { record, only } = program.parse().opts<Options>();
  const chosen = workloads.filter(({ name }) => only?.some((part) => name.startsWith(part)) ?? true);
  if (chosen.length === 0)
    program.error(`--only names no workload; there are ${workloads.map(({ name }) => name).join(', ')}.`);
  setThreads(2);
  const kernels = instructionSet() ?? 'reference';
  console.log(`${machine()}, ${kernels} kernels`);
  if (record) await recordTimes(chosen, kernels);
  else await check(chosen, kernels);
}

async function recordTimes(chosen: readonly Workload[], kernels: string): Promise<void> {
  const relativeTimes: { [workload: string]: number } = {};
  for (const workload of chosen) {
    // The slower of two, as the check takes the faster where the first seems slow: chance alone should not fail it.
    const time = Number(Math.max(await relativeTime(workload), await relativeTime(workload)).toPrecision(4));
    relativeTimes[workload.name] = time;
    console.log(`recorded  ${workload.name.padEnd(20)} ${time}`);
  }
  writeRecord(kernels, { machine: machine(), relativeTimes });
}

async function check(chosen: readonly Workload[], kernels: string): Promise<void> {
  const { machine, relativeTimes = {} } = readRecord(kernels) ?? {};
  if (machine) console.log(`Recorded on ${machine}.`);
  let failed = 0;
  for (const workload of chosen) {
    const recorded = relativeTimes[workload.name];
    const first = await relativeTime(workload);
    // A busy machine has slow moments, seldom two.
    const time = isSlower(first, recorded) ? Math.min(first, await relativeTime(workload)) : first;
    const { holds, text } = verdictOf(workload.name, time, recorded);
    console.log(`${holds ? 'passed' : 'FAILED'}  ${text}`);
    if (!holds) failed++;
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
