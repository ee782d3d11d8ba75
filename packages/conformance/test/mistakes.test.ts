import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureAndGradients } from './mistakes/capture-and-gradients.js';
import { data } from './mistakes/data.js';
import { drawings } from './mistakes/drawing.js';
import { files } from './mistakes/files.js';
import { labelsAndTargets } from './mistakes/labels-and-targets.js';
import { metricsAndLosses } from './mistakes/metrics-and-losses.js';
import type { Mistake } from './mistakes/mistake.js';
import { optimizersAndSchedules } from './mistakes/optimizers-and-schedules.js';
import { options } from './mistakes/options.js';
import { sizes } from './mistakes/sizes.js';
import { training } from './mistakes/training.js';
import { wiring } from './mistakes/wiring.js';

const families = {
  wiring,
  sizes,
  options,
  'labels and targets': labelsAndTargets,
  data,
  'training and callbacks': training,
  'metrics and losses': metricsAndLosses,
  'optimizers and schedules': optimizersAndSchedules,
  files,
  'capture and gradients': captureAndGradients,
  drawings,
};
const mistakes = Object.values(families).flat();

/** What the program is told. */
async function messageOf({ attempt }: Mistake): Promise<string> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'nn-mistake-'));
  try {
    await attempt(folder);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message.replaceAll(folder, 'folder');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const messages = new Map<Mistake, string>();
beforeAll(async () => {
  for (const mistake of mistakes) messages.set(mistake, await messageOf(mistake));
});

/** What JavaScript says by itself, and what only the authors of this code understand. */
const unhelpful =
  /undefined|\bnull\b|\[object|NaN of NaN|Cannot read|is not (a function|iterable|a constructor)|\.[jt]s\b|#\w/;

describe.each(Object.entries(families))('mistakes: %s', (_, rows) => {
  it.each(rows)('$mistake', (row) => {
    const message = messages.get(row) as string;
    expect(message, 'nothing was said').not.toBe('');
    for (const words of row.says) expect(message).toMatch(words);
    expect(message).not.toMatch(unhelpful);
    expect(message.match(/[.?!](?=\s+["A-Z]|$)/g) ?? [], 'one or two sentences').not.toHaveProperty('2');
  });
});

describe('the table of mistakes', () => {
  it('has sixty or more, none twice, each with a message of its own', () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(60);
    expect(new Set(mistakes.map(({ mistake }) => mistake)).size).toBe(mistakes.length);
    const said = [...messages.values()];
    expect(said.filter((message, i) => said.indexOf(message) < i)).toEqual([]);
  });
});
