import { existsSync } from 'node:fs';
import type { Contestant, Task } from '../contestant.js';
import { peerScript } from '../peer-script.js';
import { AbsentRival, type TitledRival } from './absent.js';
import { Peer, PeerError } from './peer.js';

/** The Python that is taken where none is named. */
export const defaultPython = existsSync('.venv/bin/python') ? '.venv/bin/python' : 'python3';

/** The name under which its figures stand. */
export const pytorchName = 'PyTorch';

/** PyTorch, all ways in one process. Errors (AbsentRival): no Python, or none with PyTorch. */
export async function pytorch({ python }: { readonly python: string }): Promise<TitledRival> {
  const peer = new Peer(python, [peerScript('pytorch/main.py')]);
  const { version } = (await peer.ask({ hello: true }).catch((error: unknown) => {
    peer.kill();
    throw error instanceof PeerError ? withAdvice(python, error) : error;
  })) as { readonly version: string };
  return {
    framework: pytorchName,
    title: `PyTorch ${version}`,
    async open(task) {
      const contestants: Contestant[] = [];
      for (const variant of waysOf(task))
        contestants.push(await peer.open({ framework: pytorchName, ...variant }, task));
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
