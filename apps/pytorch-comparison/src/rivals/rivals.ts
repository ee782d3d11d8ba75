import { AbsentRival, type TitledRival } from './absent.js';
import { pytorch } from './pytorch.js';

/** The rivals that are installed, and a remark on each that is not. */
export async function rivalsAtHand(options: {
  readonly python: string;
}): Promise<{ readonly rivals: readonly TitledRival[]; readonly remarks: readonly string[] }> {
  const rivals: TitledRival[] = [];
  const remarks: string[] = [];
  for (const start of [() => pytorch(options)]) {
    try {
      rivals.push(await start());
    } catch (error) {
      if (!(error instanceof AbsentRival)) throw error;
      remarks.push(error.message);
    }
  }
  return { rivals, remarks };
}
