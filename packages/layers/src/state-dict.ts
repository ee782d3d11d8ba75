import { formatShape, sameShape, Tensor } from '@nn/tensor';
import { StateDictError } from './errors.js';

/** Tensors by state key. */
export type StateDict = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/** The state key of a field, as PyTorch writes it: `runningMean` → `running_mean`. */
export const stateKey = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Copies `dict` over `state`, all or nothing. Errors: keys, values or shapes that do not fit. */
export function assignState(state: ReadonlyMap<string, Tensor>, dict: StateDict, strict: boolean): void {
  const given = dict instanceof Map ? (dict as ReadonlyMap<string, Tensor>) : new Map(Object.entries(dict));
  const missing = [...state.keys()].filter((key) => !given.has(key));
  const unexpected = [...given.keys()].filter((key) => !state.has(key));
  const misshapen = [...state].flatMap(([key, { shape }]) => {
    const value = given.get(key);
    if (!given.has(key)) return [];
    if (!(value instanceof Tensor)) return [`${key} is no tensor (make it one with tensor(…))`];
    if (sameShape(value.shape, shape)) return [];
    return [`${key} is ${formatShape(value.shape)}, the model's ${formatShape(shape)}`];
  });
  const faults = [
    ...(strict && missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(strict && unexpected.length > 0 ? [`unexpected: ${unexpected.join(', ')}`] : []),
    ...misshapen,
  ];
  const remedy =
    misshapen.length > 0
      ? 'Build the model as the one it comes from.'
      : 'With strict: false the keys that both have are loaded.';
  if (faults.length > 0)
    throw new StateDictError(`The state dict does not fit the model: ${faults.join('; ')}. ${remedy}`);
  for (const [key, target] of state) {
    const value = given.get(key);
    if (value && value !== target) target.assign(value);
  }
}
