import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLogger, type LoggerOptions, TrainingLog } from '../src/index.js';
import { loader, temporaryFolder, trainerOf } from './runs.js';

const path = temporaryFolder();
afterEach(() => vi.unstubAllEnvs());

const written = (name = 'run.log') =>
  fs
    .readFileSync(path(name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('createLogger', () => {
  it('writes levels, times, fields and messages to a file', () => {
    createLogger({ file: path('run.log') }).warn({ epoch: 3, loss: 0.5 }, 'slow');
    const [{ time, ...line }] = written();
    expect(line).toEqual({ level: 'warn', epoch: 3, loss: 0.5, msg: 'slow' });
    expect(new Date(time).toISOString()).toBe(time);
  });

  it.each([
    ['debug', ['debug', 'info', 'error']],
    ['info', ['info', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('at level %s writes %j', (level, expected) => {
    const logger = createLogger({ file: path('run.log'), level });
    logger.debug('a');
    logger.info('b');
    logger.error('c');
    expect(written().map((line) => line.level)).toEqual(expected);
  });

  it('shows the fields that are asked for', () => {
    createLogger({ file: path('run.log'), fields: ['epoch'] }).info({ epoch: 3, loss: 0.5 }, 'done');
    expect(Object.keys(written()[0])).toEqual(['level', 'time', 'epoch', 'msg']);
  });

  it('is set up by the environment where options say nothing', () => {
    vi.stubEnv('NN_LOG_LEVEL', 'debug');
    vi.stubEnv('NN_LOG_FILE', path('logs/by-environment.log'));
    vi.stubEnv('NN_LOG_FIELDS', 'epoch, step');
    createLogger().debug({ epoch: 1, step: 2, loss: 3 });
    createLogger({ level: 'info' }).debug('left out');
    expect(written('logs/by-environment.log')).toEqual([
      { level: 'debug', time: expect.any(String), epoch: 1, step: 2 },
    ]);
    vi.stubEnv('NN_LOG_LEVEL', 'loud');
    expect(() => createLogger()).toThrow(/^NN_LOG_LEVEL=loud is not understood; use trace, debug/);
  });

  it('writes to the error stream otherwise', () => {
    const script = "import { createLogger } from '@nn/logs'; createLogger().info('here')";
    const { stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect([stdout, JSON.parse(stderr).msg]).toEqual(['', 'here']);
  });

  it('refuses what does not exist', () => {
    expect(() => createLogger({ level: 'verbose' as never })).toThrow(/level "verbose" is not understood/);
    expect(() => createLogger({ colour: true } as LoggerOptions)).toThrow(/no option "colour"/);
  });
});

describe('TrainingLog', () => {
  it('tells how training goes', async () => {
    const logger = createLogger({ file: path('run.log'), level: 'debug' });
    const callbacks = [new TrainingLog({ logger, every: 2 })];
    const { epochs } = await trainerOf().fit({ train: loader(), validation: loader(), epochs: 2, callbacks });
    expect(written().map(({ level, msg, epoch, step }) => [level, msg, epoch, step])).toEqual([
      ['info', 'training starts', undefined, undefined],
      ['debug', 'a step is done', 1, 2],
      ['info', 'an epoch is done', 1, 3],
      ['debug', 'a step is done', 2, 4],
      ['debug', 'a step is done', 2, 6],
      ['info', 'an epoch is done', 2, 6],
      ['info', 'training ends', undefined, undefined],
    ]);
    const { train, validation } = epochs[1];
    expect(written()[5]).toMatchObject({
      train: { loss: train.loss, accuracy: train.metrics.accuracy },
      validation: { loss: validation?.loss, accuracy: validation?.metrics.accuracy },
    });
  });

  it('says nothing of steps at level info', async () => {
    const logger = createLogger({ file: path('run.log') });
    await trainerOf().fit({ train: loader(), callbacks: [new TrainingLog({ logger })] });
    expect(written().map(({ msg }) => msg)).toEqual(['training starts', 'an epoch is done', 'training ends']);
  });
});
