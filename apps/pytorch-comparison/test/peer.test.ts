import { afterEach, expect, test } from 'vitest';
import { CannotError } from '../src/contestant.js';
import { AbsentRival } from '../src/rivals/absent.js';
import { Peer, PeerError } from '../src/rivals/peer.js';
import { pytorch } from '../src/rivals/pytorch.js';
import { workloads } from '../src/workloads.js';

const peers: Peer[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.kill();
});

/** A peer that answers each command by a line of JavaScript in `command`. */
function peer(answer: string): Peer {
  const loop = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const command = JSON.parse(line);
    console.log(JSON.stringify(${answer}));
  })`;
  const made = new Peer(process.execPath, ['-e', loop]);
  peers.push(made);
  return made;
}

const task = { task: 'train', network: workloads[0].network, folder: '/nowhere' } as const;

test('a contestant in another process is asked for its work by number', async () => {
  const echo = peer(`'run' in command ? { seconds: command.steps, values: [command.run, command.batches[0][0]] } : {}`);
  const variant = { framework: 'Echo', threads: 2 };
  const first = await echo.open({ ...variant, way: 'eager' }, task);
  const second = await echo.open({ ...variant, way: 'fused' }, task);
  expect([first.variant, second.variant]).toEqual(['eager 2', 'fused 2']);
  expect(await second.run({ batches: [[7]], steps: 3 })).toEqual({ seconds: 3, values: [1, 7] });
  expect(await first.run({ batches: [[8]], steps: 4 })).toEqual({ seconds: 4, values: [0, 8] });
  await first.close();
});

test('a process that ends says why', async () => {
  const failing = peer(`(() => { throw new Error('out of luck'); })()`);
  await expect(failing.ask({})).rejects.toThrow(PeerError);
  await expect(failing.ask({})).rejects.toThrow('out of luck');
});

test('a process that says that it cannot is understood, and goes on', async () => {
  const unable = peer(`command.hard ? { cannot: 'too hard' } : {}`);
  await expect(unable.ask({ hard: true })).rejects.toThrow(new CannotError('too hard'));
  expect(await unable.ask({})).toEqual({});
});

test('a Python that is not there is named, with the line that installs PyTorch', async () => {
  const start = pytorch({ python: '/nowhere/python' });
  await expect(start).rejects.toThrow(AbsentRival);
  await expect(start).rejects.toThrow(/\/nowhere\/python cannot run PyTorch.*pip install torch/s);
});
