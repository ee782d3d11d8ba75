import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { networks } from '../src/networks.js';
import { type Library, serve } from '../src/peers/serve.js';

const assignment = { task: 'train', network: networks.xor, folder: '/nowhere' } as const;

/** What a library answers to commands. */
async function answers(load: () => Promise<Library>, commands: readonly object[]): Promise<unknown[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(commands.map((command) => `${JSON.stringify(command)}\n`).join(''));
  await serve(load, { input, output });
  output.end();
  return (await text(output))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

const library = async (): Promise<Library> => ({
  version: '1.2',
  async open({ task }) {
    if (task === 'infer') throw new Error('no inference\nat all');
    return async ({ steps }) => ({ seconds: steps, values: [task.length] });
  },
});

test('commands are answered in turn, and what is closed is gone', async () => {
  const run = { run: 3, batches: [[0]], steps: 2 };
  expect(await answers(library, [{ hello: true }, { open: 3, ...assignment }, run, { close: 3 }, run])).toEqual([
    { version: '1.2' },
    {},
    { seconds: 2, values: [5] },
    {},
    { cannot: 'Nothing is open under 3.' },
  ]);
});

test('what cannot be done is answered by the first line of the reason, and the next command is heard', async () => {
  const commands = [{ open: 0, ...assignment, task: 'infer' }, { hello: true }];
  expect(await answers(library, commands)).toEqual([{ cannot: 'no inference' }, { version: '1.2' }]);
  const broken = () => Promise.reject(new Error('it does not start'));
  expect(await answers(broken, commands)).toEqual([{ cannot: 'it does not start' }, { cannot: 'it does not start' }]);
});
