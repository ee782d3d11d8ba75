import { Linear, Sequential } from '@nn/layers';
import { crossEntropy } from '@nn/losses';
import { Accuracy } from '@nn/metrics';
import { Adam } from '@nn/optim';
import { argmax, backward, capture, currentBackend, manualSeed, type Tensor, tanh, tensor } from '@nn/tensor';

/** What a page finds when it trains a network on XOR, as JSON. */
export interface Findings {
  readonly backend: string;
  readonly losses: readonly number[];
  readonly answers: readonly number[];
  readonly accuracy: number;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** Trains a network on XOR, captured, on the backend in force. */
export function learnXor(): Findings {
  manualSeed(2);
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const y = tensor([0, 1, 1, 0], { dtype: 'i32' });
  const model = new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 2 })], { input: [2] });
  const optimizer = new Adam({ learningRate: 0.05 });
  const step = capture((inputs: Tensor, targets: Tensor) => {
    const loss = crossEntropy(model.run(inputs), targets);
    optimizer.step(backward(loss));
    return loss.detach();
  });
  const losses = Array.from({ length: 200 }, () => step(x, y).item());

  const logits = model.eval().run(x);
  const accuracy = new Accuracy();
  return {
    backend: currentBackend().name,
    losses,
    answers: [...argmax(logits).data],
    accuracy: accuracy.result(accuracy.update(accuracy.init(), logits, y)),
    weights: Object.fromEntries([...model.stateDict()].map(([key, { data }]) => [key, [...data]])),
  };
}
