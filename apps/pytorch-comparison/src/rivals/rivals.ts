import { AbsentRival, type TitledRival } from './absent.js';
import { jaxJs } from './jax-js.js';
import { npmRival } from './npm.js';
import { pytorch } from './pytorch.js';
import { tfjs } from './tfjs.js';

/** Where rivals are looked for. */
export interface Places {
  /** The Python that has PyTorch. */
  readonly python: string;
  /** The folder that has the others. */
  readonly folder: string;
}

interface Starter {
  start(places: Places): Promise<TitledRival>;
  /** What it is called in remarks. */
  readonly framework: string;
  /** True for those that a quick comparison leaves out. */
  readonly slow: boolean;
}

const starters = {
  pytorch: { start: pytorch, framework: 'PyTorch', slow: false },
  tfjs: { start: (places) => npmRival(tfjs, places), framework: tfjs.framework, slow: true },
  'jax-js': { start: (places) => npmRival(jaxJs, places), framework: jaxJs.framework, slow: true },
} as const satisfies Record<string, Starter>;

/** The names by which rivals are chosen. */
export const rivalNames: readonly string[] = Object.keys(starters);

/** The rivals named, or all but for those too slow for a quick comparison, and a remark on each that is missing. */
export async function rivalsAtHand(
  places: Places,
  { named, quick, from = starters }: ChoiceOptions,
): Promise<{ readonly rivals: readonly TitledRival[]; readonly remarks: readonly string[] }> {
  const rivals: TitledRival[] = [];
  const remarks: string[] = [];
  for (const [name, { start, framework, slow }] of Object.entries(from)) {
    if (named ? !named.includes(name) : slow && quick) {
      if (!named) remarks.push(`${framework} is left out, as this is to be quick; --rivals ${name} names it.`);
      continue;
    }
    try {
      rivals.push(await start(places));
    } catch (error) {
      if (!(error instanceof AbsentRival)) throw error;
      remarks.push(error.message);
    }
  }
  return { rivals, remarks };
}

export interface ChoiceOptions {
  /** Default: all that are at hand. */
  readonly named?: readonly string[];
  readonly quick: boolean;
  /** Those there are to choose from. */
  readonly from?: Readonly<Record<string, Starter>>;
}
