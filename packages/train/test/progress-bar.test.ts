import { describe, expect, it } from 'vitest';
import { Eta, formatSeconds } from '../src/eta.js';
import { ProgressBar } from '../src/index.js';
import { loader, trainerOf } from './models.js';

/** A sink, and a clock that a step moves on by a second. */
function screen(terminal: boolean, options: { interval?: number; every?: number; columns?: number } = {}) {
  const written: string[] = [];
  let time = 0;
  const bar = new ProgressBar({ write: (text) => written.push(text), terminal, now: () => time, ...options });
  const clock = {
    onStep: () => {
      time++;
    },
  };
  return { written, callbacks: [clock, bar] };
}

const train = () => loader(20, 5);

describe('ProgressBar', () => {
  it('redraws a line on a terminal and leaves one for each epoch', async () => {
    const { written, callbacks } = screen(true);
    await trainerOf().fit({ train: train(), validation: loader(4, 2), epochs: 2, callbacks });
    const lines = written.map((text) => text.replace('\r\u001b[K', ''));
    expect(lines[0]).toMatch(/^Epoch 1\/2 {2}█{5}░{15} 1\/4 {2}loss \d\.\d{4} {2}accuracy [\d.]+ {2}1 s {2}ETA 3 s$/);
    expect(lines[3]).toMatch(/█{20} 4\/4 .* 4 s {2}ETA 0 s$/);
    expect(lines[4]).toMatch(
      /^Epoch 1\/2 {2}0 s {2}loss .* validation loss .* validation accuracy .* learning rate [\d.]+\n$/,
    );
    expect(written.every((text) => text.startsWith('\r\u001b[K'))).toBe(true);
    expect(written.filter((text) => text.endsWith('\n'))).toHaveLength(2);
  });

  it('fits the terminal', async () => {
    const { written, callbacks } = screen(true, { columns: 40 });
    await trainerOf().fit({ train: train(), callbacks });
    expect(written[0].replace('\r\u001b[K', '')).toHaveLength(39);
  });

  it('writes plain lines elsewhere, now and then', async () => {
    const { written, callbacks } = screen(false, { interval: 2 });
    await trainerOf().fit({ train: train(), epochs: 2, callbacks });
    expect(written.map((line) => line.split('  ').slice(0, 2).join(' '))).toEqual([
      'Epoch 1/2 2/4',
      'Epoch 1/2 4/4',
      expect.stringMatching(/^Epoch 1\/2 \d+ s$/),
      'Epoch 2/2 2/4',
      'Epoch 2/2 4/4',
      expect.stringMatching(/^Epoch 2\/2 \d+ s$/),
    ]);
    expect(written.join('')).not.toContain('\r');
    expect(written.every((line) => line.endsWith('\n'))).toBe(true);
  });

  it('is not drawn at every step', async () => {
    const { written, callbacks } = screen(true, { interval: 1e6 });
    await trainerOf().fit({ train: train(), callbacks });
    expect(written).toHaveLength(2);
  });

  it('has a bar of its own for validation, with its time taken and left', () => {
    const written: string[] = [];
    let time = 0;
    const bar = new ProgressBar({ write: (text) => written.push(text), terminal: true, now: () => time, interval: 0 });
    const figures = { loss: 1, losses: {}, metrics: {} };
    const step = { epoch: 1, epochs: 1, batches: 1, steps: 1, samples: 5, loss: 1, learningRate: 1, figures };
    bar.onEpochStart({ type: 'epochStart', epoch: 1, epochs: 1, batches: 1, batch: 0 });
    time = 100;
    bar.onStep({ type: 'step', batch: 1, step: 1, ...step });
    for (const batch of [1, 2, 3]) {
      time += 2;
      bar.onValidationStep({ type: 'validationStep', epoch: 1, epochs: 1, batch, batches: 4 });
    }
    expect(written.slice(1).map((text) => text.replace('\r\u001b[K', ''))).toEqual([
      'Epoch 1/1  █████░░░░░░░░░░░░░░░ 1/4  validation  2 s  ETA 6 s',
      'Epoch 1/1  ██████████░░░░░░░░░░ 2/4  validation  4 s  ETA 4 s',
      'Epoch 1/1  ███████████████░░░░░ 3/4  validation  6 s  ETA 2 s',
    ]);
  });

  it('is drawn every few batches where asked to', async () => {
    const { written, callbacks } = screen(false, { every: 3 });
    await trainerOf().fit({ train: loader(35, 5), validation: loader(30, 5), callbacks });
    expect(written.map((line) => line.split('  ').slice(1, 3).join(' '))).toEqual([
      expect.stringMatching(/^3\/7 loss/),
      expect.stringMatching(/^6\/7 loss/),
      '3/6 validation',
      '6/6 validation',
      expect.stringMatching(/ s loss/),
    ]);
    expect(() => new ProgressBar({ every: 0 })).toThrow(/every is a whole number from 1/);
  });

  it('ends its line and says so when a run is cut short', async () => {
    const { written, callbacks } = screen(true);
    const stop = { onStep: (_: unknown, trainer: { stop(reason: string): void }) => trainer.stop('it was late') };
    await trainerOf().fit({ train: train(), callbacks: [...callbacks, stop] });
    expect(written.slice(1)).toEqual(['\n', 'Training was stopped: it was late.\n']);
  });

  it('shows data of unknown length', async () => {
    const { written, callbacks } = screen(false, { interval: 1 });
    const source = {
      async *[Symbol.asyncIterator]() {
        yield* train();
      },
    };
    await trainerOf({ schedule: undefined }).fit({ train: source, callbacks });
    expect(written[0]).toMatch(/^Epoch 1\/1 {2}batch 1 {2}loss/);
    expect(written[0]).not.toContain('ETA');
  });

  it('names each loss where there are several', () => {
    const written: string[] = [];
    const bar = new ProgressBar({ write: (text) => written.push(text), terminal: false });
    const end = (losses: Record<string, number>) => {
      const train = { loss: 1.5, losses, metrics: { confusionMatrix: [[1]] } };
      const record = { epoch: 1, step: 1, train, learningRate: 1e-5, seconds: 61 };
      bar.onEpochEnd({ type: 'epochEnd', epoch: 1, epochs: undefined, batches: 1, record });
    };
    end({ digit: 1, parity: 0.5 });
    end({ CrossEntropy: 1.5 });
    expect(written).toEqual([
      'Epoch 1  1:01  loss 1.5000  digit 1  parity 0.5000  learning rate 1.00e-5\n',
      'Epoch 1  1:01  loss 1.5000  learning rate 1.00e-5\n',
    ]);
  });

  it('refuses unknown options', () => {
    expect(() => new ProgressBar({ width: 3 } as object)).toThrow(/no option "width"; it has write/);
  });
});

describe('the time left', () => {
  it('goes by the pace of the last seconds', () => {
    const eta = new Eta(5);
    eta.mark(0, 0);
    expect(eta.remaining(100)).toBeUndefined();
    for (let second = 1; second <= 10; second++) eta.mark(second, second);
    expect(eta.remaining(100)).toBeCloseTo(90, 10);
    for (let second = 11; second <= 16; second++) eta.mark(second, 10 + (second - 10) * 4);
    expect(eta.remaining(100)).toBeCloseTo((100 - 34) / 4, 10);
  });

  it('is smooth: one slow step changes it by its share of the window', () => {
    const eta = new Eta(10);
    for (let second = 0; second <= 10; second++) eta.mark(second, second);
    eta.mark(13, 11);
    expect(eta.remaining(21)).toBeCloseTo((10 * 10) / 8, 10);
  });

  it('is written short', () => {
    expect([0.4, 59.4, 83, 7384].map(formatSeconds)).toEqual(['0 s', '59 s', '1:23', '2:03:04']);
  });
});
