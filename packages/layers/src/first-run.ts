/** How to undo each first run under way, and those that ended inside it, in the order in which they began. */
const undos: (() => void)[] = [];

/** Does `work`, a module's first run; where it fails, undoes it and every first run inside it. */
export function allOrNothing<T>(undo: () => void, work: () => T): T {
  const began = undos.push(undo) - 1;
  try {
    return work();
  } catch (error) {
    for (const undoOne of undos.splice(began).reverse()) undoOne();
    throw error;
  } finally {
    if (began === 0) undos.length = 0;
  }
}
