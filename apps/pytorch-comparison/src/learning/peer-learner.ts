import type { Peer } from '../rivals/peer.js';
import type { Learner, Lesson, Score } from './learner.js';

/** A framework in another process, which knows `evaluate` too. */
export async function peerLearner(peer: Peer, framework: string, lesson: Lesson): Promise<Learner> {
  const { network, weights, samples, threads, seed } = lesson;
  const contestant = await peer.open(
    { framework, way: 'eager', threads },
    { task: 'train', network, folder: weights, samples, seed },
  );
  return {
    framework,
    train: (batches) => contestant.run({ batches, steps: batches.length }),
    evaluate: async (batches) => (await peer.ask({ evaluate: contestant.id, batches })) as Score,
    close: () => contestant.close(),
  };
}
