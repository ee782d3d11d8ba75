const path: string[] = [];
let joined = '';

/** Where we are in the model, such as `trunk.2`; empty outside any layer. */
export const currentPath = (): string => joined;

/** Runs `work` as the part `name` of whatever is running now; launches and errors inside carry the joined path. */
export function inScope<T>(name: string, work: () => T): T {
  path.push(name);
  const outer = joined;
  joined = path.join('.');
  try {
    return work();
  } finally {
    path.pop();
    joined = outer;
  }
}

/** Runs `work` under an earlier path, as a backward does for the layer whose forward it undoes. */
export function atPath<T>(earlier: string, work: () => T): T {
  const outer = joined;
  joined = earlier;
  try {
    return work();
  } finally {
    joined = outer;
  }
}

/** ` in layer "trunk.2"`, or nothing outside any layer: the end of an error's first sentence. */
export const inLayer = (): string => (joined === '' ? '' : ` in layer "${joined}"`);
