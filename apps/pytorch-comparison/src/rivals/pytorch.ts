import { existsSync } from 'node:fs';
import type { Contestant, Task } from '../contestant.js';
import { peerScript } from '../peer-script.js';
import { AbsentRival, type TitledRival } from './absent.js';
import { Peer, PeerError } from './peer.js';

/** The Python that is taken where none is named. */
export const defaultPython = existsSync('.venv/bin/python') ? '.venv/bin/python' : 'python3';

/** The name under which its figures stand. */
export const pytorchName = 'PyTorch';

/** A process with PyTorch. Errors (AbsentRival): no Python, or none with PyTorch. */
export async function startPytorch(python: string): Promise<{ readonly peer: Peer; readonly version: string }> {
  const peer = new Peer(python, [peerScript('pytorch/main.py')]);
  try {
    const { version } = (await peer.ask({ hello: true })) as { readonly version: string };
    return { peer, version };
  } catch (error) {
    peer.kill();
    throw error instanceof PeerError ? withAdvice(python, error) : error;
  }
}

/** PyTorch, all ways in one process. Errors (AbsentRival): no Python, or none with PyTorch. */
export async function pytorch({ python }: { readonly python: string }): Promise<TitledRival> {
  const { peer, version } = await startPytorch(python);
  return {
    framework: pytorchName,
    title: `PyTorch ${version}`,
    async open(task) {
      const { folder, workload } = task;
      const assignment = { folder, task: workload.task, network: workload.network };
      const contestants: Contestant[] = [];
      for (const way of waysOf(task)) contestants.push(await peer.open({ framework: pytorchName, ...way }, assignment));
      return contestants;
    },
    close: () => peer.kill(),
  };
}

/** Compiled steps are tried on the most threads only, as each takes seconds to compile. */
function waysOf({ workload, threads, quick }: Task): { readonly way: string; readonly threads: number }[] {
  const ways = workload.task === 'train' ? ['eager', 'fused'] : ['eager', 'frozen'];
  const all = ways.flatMap((way) => threads.map((count) => ({ way, threads: count })));
  return quick ? all : [...all, { way: 'compiled', threads: threads[threads.length - 1] }];
}

const withAdvice = (python: string, { message }: Error): AbsentRival =>
  new AbsentRival(
    `${python} cannot run PyTorch. Install it with: python3 -m venv .venv && .venv/bin/pip install torch numpy\n` +
      `or name another Python by --python. It said:\n${message.split('\n').slice(-3).join('\n')}`,
  );
