import { loadNativeBackend, nativeUnavailable } from '@nn/native-kernels';
import { afterEach, expect, test } from 'vitest';
import {
  Accuracy,
  CrossEntropy,
  evaluate,
  Linear,
  referenceBackend,
  Sequential,
  SGD,
  Trainer,
  tensor,
  useBackend,
} from '../src/index.js';

const native = loadNativeBackend();
if (!native) console.warn(`The native kernels are not tested: ${nativeUnavailable()}.`);
const backends = native ? [referenceBackend, native] : [referenceBackend];

const x = tensor([0, 1, 2, 3], { shape: [4, 1] });
const batch = (labels: readonly number[]) => ({ x, y: tensor([...labels], { dtype: 'i32' }) });
/** The step that meets the wrong label is a replay where steps are captured. */
const batches = [...[0, 1, 2].map(() => batch([0, 1, 2, 0])), batch([0, 1, 2, 3])];
const linear = () => new Sequential([new Linear({ outFeatures: 3 })], { input: [1] });

const advice =
  'The model tells 3 classes apart, so labels are whole numbers from 0 to 2: correct the labels, or give the last layer ' +
  'more features.';

/** What a promise fails with, without the layer, which only some backends know in a replay. */
const faultOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: Error) => reason,
  );
  return error?.message.replace(' (in "loss")', '');
};

afterEach(() => useBackend(referenceBackend));

// Training knows a fault of the labels by the words of the kernels, which each backend has for itself.
test.each(backends.flatMap((backend) => [true, false].map((capture) => ({ backend, capture, name: backend.name }))))(
  'a label out of range is explained in the same words on $name, captured: $capture',
  async ({ backend, capture }) => {
    useBackend(backend);
    const trainer = new Trainer(linear(), { optimizer: new SGD(), losses: new CrossEntropy(), capture });
    expect(await faultOf(trainer.fit({ train: batches }))).toBe(
      `crossEntropy: target 3 at row 3 is outside 0…2, at step 4 (epoch 1, batch 4 of 4). ${advice}`,
    );
    expect(await faultOf(trainer.evaluate(batches))).toBe(
      `crossEntropy: target 3 at row 3 is outside 0…2, in batch 4 of the data to evaluate. ${advice}`,
    );
    expect(await faultOf(evaluate(linear(), { data: batches, metrics: [new Accuracy()], capture }))).toBe(
      `Accuracy: target 3 at row 3 is outside 0…2, in batch 4 of the data to evaluate. ${advice}`,
    );
  },
);
