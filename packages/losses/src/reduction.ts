import { checkOptions, mean, sum, type Tensor } from '@nn/tensor';

/** What becomes of the single losses: their mean, their sum, or nothing. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** Default `mean`. */
  readonly reduction?: Reduction;
}

const reductions: readonly unknown[] = ['mean', 'sum', 'none', undefined];

/** Errors: options besides `reduction` and those `known`; a reduction that does not exist. */
export function checkLossOptions(owner: string, options: LossOptions, known: readonly string[] = []): void {
  checkOptions(owner, options, ['reduction', ...known]);
  const { reduction } = options;
  if (!reductions.includes(reduction))
    throw new TypeError(`${owner}: reduction is 'mean', 'sum' or 'none', not ${JSON.stringify(reduction)}.`);
}

/** The single losses [...] as `reduction` says: [] or [...]. */
export function reduce(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? sum(losses) : mean(losses);
}
