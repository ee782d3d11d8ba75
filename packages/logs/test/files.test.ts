import fs from 'node:fs';
import type { Callback } from '@nn/train';
import { describe, expect, it } from 'vitest';
import { CsvLog, JsonLinesLog } from '../src/index.js';
import { loader, temporaryFolder, trainerOf } from './runs.js';

const path = temporaryFolder();

const read = (name: string) => fs.readFileSync(path(name), 'utf8');
const rows = (name: string) =>
  read(name)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
const lines = (name: string) =>
  read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('CsvLog', () => {
  it('writes a header and a row for each epoch, whose numbers are those of the history', async () => {
    const callbacks = [new CsvLog({ path: path('logs/first.csv') })];
    const { epochs } = await trainerOf().fit({ train: loader(), validation: loader(), epochs: 2, callbacks });
    const [header, ...values] = rows('logs/first.csv');
    expect(header.join()).toBe(
      'epoch,step,learningRate,seconds,train.loss,train.accuracy,validation.loss,validation.accuracy',
    );
    expect(values.map((row) => row.map(Number))).toEqual(
      epochs.map(({ epoch, step, learningRate, seconds, train, validation }) => [
        epoch,
        step,
        learningRate,
        seconds,
        train.loss,
        train.metrics.accuracy,
        validation?.loss,
        validation?.metrics.accuracy,
      ]),
    );
  });

  it('has each epoch once after an interruption, and begins anew with another run', async () => {
    const trainer = trainerOf();
    const options = { train: loader(), epochs: 3, callbacks: [new CsvLog({ path: path('log.csv') })] };
    for await (const event of trainer.training(options)) if (event.type === 'step' && event.step === 5) break;
    expect(rows('log.csv')).toHaveLength(2);
    await trainer.fit({ ...options, callbacks: [new CsvLog({ path: path('log.csv') })], resume: true });
    expect(rows('log.csv').map(([epoch]) => epoch)).toEqual(['epoch', '1', '2', '3']);
    await trainer.fit({ ...options, epochs: 1 });
    expect(rows('log.csv').map(([epoch]) => epoch)).toEqual(['epoch', '1']);
  });

  it('quotes names that have commas', async () => {
    const log = new CsvLog({ path: path('log.csv') });
    const train = { loss: 1, losses: {}, metrics: { 'a, "b"': 2 } };
    const record = { epoch: 1, step: 1, train, learningRate: 1, seconds: 1 };
    log.onEpochEnd({ type: 'epochEnd', epoch: 1, epochs: 1, batches: 1, record });
    expect(read('log.csv').split('\n')[0]).toMatch(/,"train\.a, ""b"""$/);
  });

  it('is there after each epoch, not only at the end', async () => {
    const seen: number[] = [];
    const look: Callback = { onEpochEnd: () => void seen.push(rows('log.csv').length) };
    await trainerOf().fit({ train: loader(), epochs: 2, callbacks: [new CsvLog({ path: path('log.csv') }), look] });
    expect(seen).toEqual([2, 3]);
  });

  it('explains what it cannot do', async () => {
    expect(() => new CsvLog({} as never)).toThrow(/needs the path/);
    expect(() => new CsvLog({ path: 'x', file: 'y' } as never)).toThrow(/no option "file"/);
    const callbacks = [new CsvLog({ path: path('') })];
    await expect(trainerOf().fit({ train: loader(), callbacks })).rejects.toThrow(/callback CsvLog failed .*EISDIR/);
  });
});

describe('JsonLinesLog', () => {
  it('writes the start, every few steps, each epoch and the end', async () => {
    const callbacks = [new JsonLinesLog({ path: path('log.jsonl'), every: 2 })];
    const { epochs } = await trainerOf({ gradientNorms: true }).fit({ train: loader(), epochs: 2, callbacks });
    const written = lines('log.jsonl');
    expect(written.map(({ event, step }) => [event, step])).toEqual([
      ['start', 0],
      ['step', 2],
      ['epoch', 3],
      ['step', 4],
      ['step', 6],
      ['epoch', 6],
      ['end', undefined],
    ]);
    expect(written[2]).toEqual({ event: 'epoch', time: expect.any(String), ...epochs[0] });
    expect(written[1]).toMatchObject({
      epoch: 1,
      batch: 2,
      loss: expect.any(Number),
      gradientNorms: { 0: expect.any(Number) },
    });
    expect(written.every(({ time }) => new Date(time).toISOString() === time)).toBe(true);
    expect(written[6]).toMatchObject({ end: 'finished' });
  });

  it('writes epochs alone unless asked for steps', async () => {
    await trainerOf().fit({ train: loader(), callbacks: [new JsonLinesLog({ path: path('log.jsonl') })] });
    expect(lines('log.jsonl').map(({ event }) => event)).toEqual(['start', 'epoch', 'end']);
  });

  it('goes on in its file when a run is resumed, and says from which step', async () => {
    const trainer = trainerOf();
    const options = () => ({ train: loader(), epochs: 2, callbacks: [new JsonLinesLog({ path: path('log.jsonl') })] });
    for await (const event of trainer.training(options())) if (event.type === 'step' && event.step === 4) break;
    await trainer.fit({ ...options(), resume: true });
    expect(lines('log.jsonl').map(({ event, resumed, step }) => [event, resumed, step])).toEqual([
      ['start', false, 0],
      ['epoch', undefined, 3],
      ['start', true, 4],
      ['epoch', undefined, 6],
      ['end', undefined, undefined],
    ]);
  });

  it('keeps what JSON has no number for as text', () => {
    const log = new JsonLinesLog({ path: path('log.jsonl') });
    const train = { loss: Number.NaN, losses: {}, metrics: { a: Number.NEGATIVE_INFINITY } };
    const record = { epoch: 1, step: 1, train, learningRate: 1, seconds: 1 };
    log.onEpochEnd({ type: 'epochEnd', epoch: 1, epochs: 1, batches: 1, record });
    expect(lines('log.jsonl')[0].train).toEqual({ loss: 'NaN', losses: {}, metrics: { a: '-Infinity' } });
  });

  it('explains what it cannot do', () => {
    expect(() => new JsonLinesLog({} as never)).toThrow(/needs the path/);
    expect(() => new JsonLinesLog({ path: 'x', every: 0 })).toThrow(/every is a whole number from 1/);
  });
});
