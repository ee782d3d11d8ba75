import { readFileSync, writeFileSync } from 'node:fs';

/** Relative times by workload, and where they were measured. */
export interface Record {
  /** The processor. */
  readonly machine: string;
  readonly relativeTimes: Readonly<{ [workload: string]: number }>;
}

/** By instruction set: a matrix product gains more from wide vectors than a step does. */
type Records = Readonly<{ [instructionSet: string]: Record }>;

const file = new URL('../records.json', import.meta.url);

const readAll = (): Records => JSON.parse(readFileSync(file, 'utf8')) as Records;

/** What was recorded for an instruction set; undefined where nothing was. */
export const readRecord = (instructionSet: string): Record | undefined => readAll()[instructionSet];

/** Puts a record in the place of that of the instruction set; workloads that were not measured keep theirs. */
export function writeRecord(instructionSet: string, { machine, relativeTimes }: Record): void {
  const old = readRecord(instructionSet)?.relativeTimes;
  const record = { machine, relativeTimes: { ...old, ...relativeTimes } };
  writeFileSync(file, `${JSON.stringify({ ...readAll(), [instructionSet]: record }, null, 2)}\n`);
}
