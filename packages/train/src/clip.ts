import { clipByNorm, clipByValue } from '@nn/optim';
import type { Gradients } from '@nn/tensor';
import { inWords } from './in-words.js';

/** How gradients are limited before each step: together by their length, or each number by itself. */
export type Clip = { readonly norm: number } | { readonly value: number };

/** What limits gradients as `clip` says. Errors: anything but one limit of a known kind, a finite number of 0 or more. */
export function limiter(clip: Clip | undefined): (gradients: Gradients) => Gradients {
  if (clip === undefined) return (gradients) => gradients;
  const { norm, value, ...others }: { norm?: unknown; value?: unknown } = clip ?? {};
  const isLimit = (limit: unknown): limit is number => Number.isFinite(limit) && (limit as number) >= 0;
  if (Object.keys(others).length === 0) {
    if (isLimit(norm) && value === undefined) return (gradients) => clipByNorm(gradients, norm);
    if (isLimit(value) && norm === undefined) return (gradients) => clipByValue(gradients, value);
  }
  throw new TypeError(
    `Trainer: clip is { norm: 1 }, or { value: 1 }, with the limit you want, 0 or more, not ${inWords(clip)}.`,
  );
}
