import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadNativeBackend, nativeUnavailable } from '@nn/native-kernels';
import { afterEach, expect, test } from 'vitest';
import {
  Adam,
  backward,
  capture,
  Linear,
  meanSquaredError,
  referenceBackend,
  Sequential,
  type Tensor,
  tanh,
  useBackend,
  xor,
} from '../src/index.js';

const native = loadNativeBackend();
if (!native) console.warn(`The native kernels are not tested: ${nativeUnavailable()}.`);
const backends = native ? [referenceBackend, native] : [referenceBackend];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of objects and of the arrays outside V8's heap that are still reachable. */
async function bytesInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await turn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

afterEach(() => useBackend(native ?? referenceBackend));

const cases = backends.flatMap((backend) =>
  [true, false].map((captured) => ({ backend, captured, name: backend.name })),
);

test.each(cases)('steps leave nothing behind on $name (captured: $captured)', async ({ backend, captured }) => {
  useBackend(backend);
  const { x, y } = xor({ target: 'value' }).batch(Int32Array.of(0, 1, 2, 3));
  const model = new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 1 })], { input: [2] });
  const optimizer = new Adam({ learningRate: 0.01 });
  const plain = (inputs: Tensor, targets: Tensor) => {
    const loss = meanSquaredError(model.run(inputs), targets);
    optimizer.step(backward(loss));
    return loss;
  };
  const step = captured ? capture(plain) : plain;
  const train = (steps: number) => {
    for (let i = 0; i < steps; i++) step(x, y).item();
  };
  train(500);
  const before = await bytesInUse();
  train(1500);
  // The tape and the tensors of one step are kilobytes; what V8 compiles meanwhile is less than half a megabyte.
  expect(((await bytesInUse()) - before) / 1500).toBeLessThan(500);
});
