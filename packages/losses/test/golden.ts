import { readFileSync } from 'node:fs';
import { type NestedArray, type Tensor, tensor } from '@nn/tensor';

/** What PyTorch computed, by tools/golden/losses.py. */
interface Golden {
  readonly inputs: Record<string, { readonly dtype: 'f64' | 'i32'; readonly values: NestedArray }>;
  readonly cases: readonly {
    readonly loss: string;
    readonly options: object;
    /** The names of what the loss takes; the gradient is the first one's. */
    readonly inputs: readonly string[];
    /** True where the loss takes the logarithms of the softmax of the first input. */
    readonly logSoftmax: boolean;
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
}

export const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as Golden;

/** An input of the golden values. */
export const input = (name: string, requiresGrad = false): Tensor => {
  const { dtype, values } = golden.inputs[name];
  return tensor(values, { dtype, requiresGrad });
};
