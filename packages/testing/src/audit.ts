import {
  attach,
  type Backend,
  type Data,
  dtypeOf,
  isFloat,
  type Launch,
  referenceBackend,
  Storage,
  withBackend,
} from '@nn/tensor';
import { difference, differenceInBits, magnitude } from './compare.js';

/** A backend, or one backend in several configurations (numbers of threads) that must give the same bits. */
export type BackendUnderTest = Backend | readonly Backend[];

/** The configurations of a backend. */
export const configurations = (backend: BackendUnderTest): readonly Backend[] =>
  'launch' in backend ? [backend] : backend;

/** How a backend is called in the names of checks. */
export const backendName = (backend: BackendUnderTest): string => {
  return configurations(backend)
    .map(({ name }) => name)
    .join(' = ');
};

/** Content that no kernel may rely on. */
function spoil(data: Data, pattern: 'NaN' | 'large'): void {
  if (isFloat(dtypeOf(data))) data.fill(pattern === 'NaN' ? Number.NaN : 1e30);
  else data.fill(pattern === 'NaN' ? 0x5a5a5a5a : 0x25252525);
}

/** Runs a launch on copies of its buffers, those to be written full of content that means nothing. */
function launchOnCopies(backend: Backend, launch: Launch, before: readonly Data[], pattern: 'NaN' | 'large'): Data[] {
  const copies = before.map((data, i) => {
    const copy = data.slice();
    if (launch.kernel.accesses[i] === 'write') spoil(copy, pattern);
    return copy;
  });
  backend.launch({ ...launch, storages: copies.map((copy) => new Storage(copy)) });
  return copies;
}

/** What a kernel writes where each buffer that it writes lies over each that it reads, if they are alike. */
function launchesInPlace(backend: Backend, launch: Launch, before: readonly Data[]) {
  const { accesses } = launch.kernel;
  const positions = accesses.map((_, i) => i);
  const alike = (a: Data, b: Data) => dtypeOf(a) === dtypeOf(b) && a.length === b.length;
  return positions
    .filter((i) => accesses[i] === 'write')
    .flatMap((written) =>
      positions
        .filter((i) => accesses[i] === 'read' && alike(before[i], before[written]))
        .map((over) => {
          const storages = before.map((data) => new Storage(data.slice()));
          storages[written] = storages[over];
          backend.launch({ ...launch, storages });
          return { written, over, bits: storages[written].data };
        }),
    );
}

/**
 * Runs `work` on the reference and holds each of its launches against `backend`, alone, on the same numbers: the same
 * results within `tolerance` (integers exactly), every element of 'write' buffers written, 'read' buffers left alone, the same bits
 * from every configuration; kernels over elements give the same in place. Errors: the first kernel that does otherwise, with its sizes and attributes.
 */
export function auditLaunches(work: () => void, backend: BackendUnderTest, tolerance = 1e-5): number {
  const [first, ...others] = configurations(backend);
  let audited = 0;
  const detach = attach((launch, run) => {
    const before = launch.storages.map(({ data }) => data.slice());
    run();
    const { kernel, storages } = launch;
    const fail = (what: string, by: Backend): never => {
      const sizes = kernel.bufferNames
        .map((name, i) => `${name} ${storages[i].dtype}[${storages[i].data.length}]`)
        .join(', ');
      const attributes = JSON.stringify(launch.attrs);
      throw new Error(
        `kernel "${kernel.name}" on ${by.name}: ${what}\n  with ${sizes}, ${attributes}${launch.path && `, in layer "${launch.path}"`}`,
      );
    };
    const got = launchOnCopies(first, launch, before, 'NaN');
    const inputs = before.filter((_, i) => kernel.accesses[i] !== 'write');
    const largest = Math.max(0, ...inputs.map(magnitude));
    const longest = Math.max(0, ...inputs.map(({ length }) => length));
    for (const [i, name] of kernel.bufferNames.entries()) {
      const { data, dtype } = storages[i];
      const read = kernel.accesses[i] === 'read';
      if (read) {
        const changed = differenceInBits(got[i], before[i]);
        if (changed) fail(`it changes ${name}, which it may only read: ${changed}`, first);
      } else {
        // What is left of a sum that cancels is the rounding of its terms, which grows with the root of their number.
        const floor = 0.1 * largest * Math.sqrt(Math.max(1, longest / data.length));
        const wrong = difference(got[i], data, isFloat(dtype) ? tolerance : 0, floor);
        if (wrong) fail(`${name}: ${wrong}`, first);
      }
    }
    for (const other of [first, ...others]) {
      const again = launchOnCopies(other, launch, before, 'large');
      for (const [i, name] of kernel.bufferNames.entries()) {
        const differs = differenceInBits(again[i], got[i]);
        if (!differs) continue;
        if (other !== first) fail(`${name}: not the bits of ${first.name}: ${differs}`, other);
        fail(`${name} depends on what the written buffers held before: ${differs}`, first);
      }
    }
    for (const { written, over, bits } of kernel.over === 'element' ? launchesInPlace(first, launch, before) : []) {
      const differs = differenceInBits(bits, got[written]);
      const names = kernel.bufferNames;
      if (differs) fail(`${names[written]} over ${names[over]}: ${differs}; is it really over: 'element'?`, first);
    }
    audited++;
  });
  try {
    withBackend(referenceBackend, work);
  } finally {
    detach();
  }
  return audited;
}
