import { checkNumbers } from '@nn/tensor';

/** Runs `work`; where `checked`, looks at every number that a kernel writes in it. Errors: NumberError, at the first NaN. */
export async function withNumbers<T>(checked: boolean, work: () => T | Promise<T>): Promise<T> {
  if (!checked) return work();
  const end = checkNumbers();
  try {
    return await work();
  } finally {
    end();
  }
}
