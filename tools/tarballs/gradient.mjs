import assert from 'node:assert/strict';
import { backward, square, sum, tensor } from '@nn/tensor';

const x = tensor([1, 2, 3], { requiresGrad: true });
const gradient = backward(sum(square(x))).of(x);
assert.deepEqual(gradient.toArray(), [2, 4, 6]);
