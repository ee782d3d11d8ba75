import fs from 'node:fs';
import { join } from 'node:path';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { TensorBoardLog } from '../src/index.js';
import { encodeEvent, encodeRecord, type TensorBoardEvent } from '../src/tensorboard-record.js';
import golden from './golden.json' with { type: 'json' };
import { loader, temporaryFolder, trainerOf } from './runs.js';

const path = temporaryFolder();

interface Read {
  step: number;
  version?: string;
  session?: boolean;
  scalars: Record<string, number>;
}

/** The events of a file. */
function eventsOf(bytes: Uint8Array): Read[] {
  const events: Read[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset + at).getBigUint64(0, true));
    const content = bytes.subarray(at + 12, at + 12 + length);
    expect(encodeRecord(content)).toEqual(new Uint8Array(bytes.subarray(at, at + 16 + length)));
    at += 16 + length;
    events.push(
      new PbfReader(content).readFields(
        (tag, event, pbf) => {
          if (tag === 2) event.step = pbf.readVarint();
          if (tag === 3) event.version = pbf.readString();
          if (tag === 5)
            pbf.readMessage((_, scalars, summary) => {
              const value = { tag: '', number: Number.NaN };
              summary?.readMessage((field, found, message) => {
                if (field === 1) found.tag = message?.readString() ?? '';
                if (field === 2) found.number = message?.readFloat() ?? Number.NaN;
              }, value);
              scalars[value.tag] = value.number;
            }, event.scalars);
          if (tag === 7) event.session = true;
        },
        { step: 0, scalars: {} } as Read,
      ),
    );
  }
  return events;
}

const filesIn = (directory: string) => fs.readdirSync(path(directory)).map((name) => join(path(directory), name));

describe('records', () => {
  it.each(golden.records.map(({ event, base64 }) => [JSON.stringify(event), event, base64]))(
    "are those of TensorBoard's own writer, byte for byte: %s",
    (_, event, base64) => {
      const record = encodeRecord(encodeEvent(golden.seconds, event as unknown as TensorBoardEvent));
      expect(Buffer.from(record).toString('base64')).toBe(base64);
    },
  );
});

describe('TensorBoardLog', () => {
  it('has the figures of each epoch, and every few steps', async () => {
    const callbacks = [new TensorBoardLog({ directory: path('runs/a'), every: 2 })];
    const trainer = trainerOf({ gradientNorms: true });
    const { epochs } = await trainer.fit({ train: loader(), validation: loader(), epochs: 2, callbacks });
    const [file, ...others] = filesIn('runs/a');
    expect([/events\.out\.tfevents\.\d{10}\./.test(file), others.length]).toEqual([true, 0]);
    const [version, ...events] = eventsOf(fs.readFileSync(file));
    expect(version.version).toBe('brain.Event:2');
    expect(events.map(({ step }) => step)).toEqual([2, 3, 4, 6, 6]);
    expect(Object.keys(events[0].scalars)).toEqual(['loss/step', 'learningRate/step', 'gradientNorm/0']);
    const { train, validation } = epochs[1];
    expect(events[4].scalars).toEqual({
      'loss/train': Math.fround(train.loss),
      'accuracy/train': Math.fround(train.metrics.accuracy as number),
      'loss/validation': Math.fround(validation?.loss ?? Number.NaN),
      'accuracy/validation': Math.fround(validation?.metrics.accuracy as number),
      learningRate: Math.fround(0.1),
    });
  });

  it('goes on counting with another run, in a file of its own', async () => {
    const trainer = trainerOf();
    const callbacks = [new TensorBoardLog({ directory: path('run') })];
    for (let i = 0; i < 2; i++) await trainer.fit({ train: loader(), callbacks });
    const steps = filesIn('run').map((file) => eventsOf(fs.readFileSync(file)).map(({ step }) => step));
    expect(steps.sort((a, b) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0))).toEqual([
      [0, 3],
      [0, 6],
    ]);
  });

  it('says where a resumed run goes on, so that what came later is replaced', async () => {
    const trainer = trainerOf();
    for await (const event of trainer.training({ train: loader(), epochs: 2 }))
      if (event.type === 'step' && event.step === 4) break;
    const callbacks = [new TensorBoardLog({ directory: path('run') })];
    await trainer.fit({ train: loader(), epochs: 2, callbacks, resume: true });
    const [, start] = eventsOf(fs.readFileSync(filesIn('run')[0]));
    expect(start).toEqual({ step: 5, session: true, scalars: {} });
  });

  it('explains what it cannot do', () => {
    expect(() => new TensorBoardLog({} as never)).toThrow(/needs its directory/);
    expect(() => new TensorBoardLog({ directory: 'x', every: 0 })).toThrow(/every is a whole number from 1/);
    expect(() => new TensorBoardLog({ directory: 'x', steps: 3 } as never)).toThrow(/no option "steps"/);
  });
});
