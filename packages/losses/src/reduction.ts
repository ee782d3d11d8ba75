import { checkOptions, mean, sum, type Tensor } from '@nn/tensor';

/** What becomes of the single losses: their mean, their sum, or nothing. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** Default `mean`. */
  readonly reduction?: Reduction;
}

export const reductions: readonly string[] = ['mean', 'sum', 'none'];

/** Errors: options besides `reduction` and those `known`; a reduction that is not one of `from`. */
export function checkLossOptions(
  owner: string,
  options: { readonly reduction?: string },
  known: readonly string[] = [],
  from = reductions,
): void {
  checkOptions(owner, options, ['reduction', ...known]);
  const { reduction } = options;
  if (reduction === undefined || from.includes(reduction)) return;
  const words = from.map((name) => `'${name}'`);
  throw new TypeError(
    `${owner}: reduction is ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, not ${JSON.stringify(reduction)}.`,
  );
}

/** The single losses [...] as `reduction` says: [] or [...]. */
export function reduce(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? sum(losses) : mean(losses);
}
