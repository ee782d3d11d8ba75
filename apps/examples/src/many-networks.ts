import { Accuracy, circles, currentSeed, manualSeed, measure, plotDecisionBoundary, predict, trainMany } from '@nn/nn';
import train, { type Candidate, network, type Points, type Trained } from './networks/candidate.js';
import type { Example } from './runner/example.js';

/** A small search: six networks at once, each in a thread; validation data choose, test data judge the chosen one. */
export const example: Example = {
  title: 'Several networks at once: a search for width and learning rate',
  wanted: { accuracy: { atLeast: 0.86 }, 'difference from training alone': { atMost: 0 } },

  async run({ print }) {
    const points = (samples: number, seed: number): Points => {
      const { x, y } = circles({ samples, noise: 0.2, seed });
      return { x, y };
    };
    const data = { train: points(1000, 1), validation: points(1000, 2) };
    const test = points(2000, 3);

    const candidates = [2, 8, 32].flatMap((width) => [0.001, 0.03].map((learningRate) => ({ width, learningRate })));
    const module = new URL('./networks/candidate.js', import.meta.url);
    const results = await trainMany<Candidate, Trained>(module, candidates, { data });

    const trained = results.flatMap((result, i) =>
      result.status === 'fulfilled' ? [{ candidate: candidates[i], ...result.value }] : [],
    );
    for (const { candidate, loss } of trained)
      print(`width ${candidate.width}, learning rate ${candidate.learningRate}: validation loss ${loss.toFixed(4)}`);
    const best = trained.reduce((a, b) => (b.loss < a.loss ? b : a));

    const model = network(best.candidate.width).loadStateDict(best.weights);
    const accuracy = measure(new Accuracy(), await predict(model, test.x), test.y);

    manualSeed(currentSeed());
    const alone = await train(best.candidate, { index: 0, data, signal: new AbortController().signal, progress: {} });
    return {
      reached: { accuracy, 'difference from training alone': Math.abs(alone.loss - best.loss) },
      pictures: { 'boundary.svg': () => plotDecisionBoundary(model, test, { title: 'The network chosen' }) },
    };
  },
};
