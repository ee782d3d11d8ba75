import { activationNumbers } from '../ops/activation.js';
import type { Program, ProgramLaunch } from '../program.js';
import { type Pass, withLaunches } from './pass.js';
import { isMadeBy, type Use, usesOf } from './uses.js';

/** Kernels that can apply an activation to what they store, by their attribute `activation`. */
const producers: ReadonlySet<string> = new Set(['linear', 'conv2d', 'convTranspose2d']);

/** Products and convolutions apply the activation that follows them as they store, where nothing else reads what they gave. */
export const foldActivations: Pass = {
  name: 'fold-activations',
  apply(program, hasOwn) {
    const { launches } = program;
    const uses = usesOf(program);
    const changes = new Map<number, ProgramLaunch | undefined>();
    launches.forEach(({ kernel, buffers: [y, x] }, i) => {
      const activation = activationNumbers[kernel.name];
      if (activation === undefined) return;
      const source = onlyProducer(program, uses[x]);
      if (source === undefined || program.buffers[y].kind === 'external' || !isMadeBy(uses[y], i)) return;
      const { buffers, attrs, ...producer } = launches[source];
      if (hasOwn(kernel.name) !== hasOwn(producer.kernel.name)) return;
      changes.set(source, { ...producer, buffers: [y, ...buffers.slice(1)], attrs: { ...attrs, activation } });
      changes.set(i, undefined);
    });
    return withLaunches(program, changes);
  },
};

/** The launch that makes a buffer which only one other reads, if it can take an activation. */
function onlyProducer({ buffers, launches }: Program, [made, read, ...others]: readonly Use[]): number | undefined {
  if (made.access !== 'write' || read?.access !== 'read' || others.length > 0) return undefined;
  const { kernel, attrs, buffers: own } = launches[made.launch];
  const folds = producers.has(kernel.name) && attrs.activation === 0 && buffers[own[0]].kind === 'temporary';
  return folds ? made.launch : undefined;
}
