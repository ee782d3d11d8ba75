import { attach, currentBackend, type Launch } from './backend.js';
import { type Data, sameBits } from './dtype.js';
import { allocateResults, interpret } from './program.js';
import type { Recording } from './recording.js';
import type { Tensor } from './tensor.js';
import { flattenTree, type TensorTree } from './tree.js';

/** What a launch left in the buffers that it changes. */
interface Trace {
  readonly kernel: string;
  readonly path: string;
  readonly written: readonly Data[];
}

const copyOf = (data: Data): Data => data.slice();

const writtenBy = ({ kernel, storages, path }: Launch): Trace => ({
  kernel: kernel.name,
  path,
  written: storages.flatMap(({ data }, i) => (kernel.accesses[i] === 'read' ? [] : [copyOf(data)])),
});

/**
 * Runs a step eagerly and its recording launch by launch, from the same state, and restores that state.
 * Errors: the first launch at which they differ, in kernel, place or bits.
 */
export function verifyReplay<R extends TensorTree>(
  recording: Recording<R>,
  step: () => R,
  inputs: readonly Tensor[],
): void {
  const changed = recording.changedBy(inputs);
  const before = changed.map(({ data }) => copyOf(data));
  const restore = () => {
    changed.forEach(({ data }, i) => {
      data.set(before[i]);
    });
  };

  const eager: Trace[] = [];
  const detach = attach((launch, run) => {
    run();
    eager.push(writtenBy(launch));
  });
  let returned: Tensor[];
  try {
    returned = flattenTree(step(), 'the result').tensors;
  } finally {
    detach();
  }
  const expected = changed.map(({ data }) => copyOf(data));
  restore();

  let position = 0;
  const results = allocateResults(recording.program);
  const arrays = inputs.map(({ data }) => data);
  try {
    interpret(recording.program, (launch) => {
      currentBackend().launch(launch);
      compare(position, eager[position], writtenBy(launch));
      position++;
    }).run(arrays, results);
    if (position < eager.length) throw differs(position, `eager goes on with ${nameOf(eager[position])}`);
    restore();
    const replayed = flattenTree(recording.replay(inputs), 'the result').tensors;
    const wrong = returned.findIndex(({ storage }, i) => !sameBits(storage.data, replayed[i].storage.data));
    if (wrong >= 0) throw new Error(`The compiled step returns another result ${wrong} than the eager one.`);
    if (!changed.every(({ data }, i) => sameBits(data, expected[i])))
      throw new Error('The compiled step leaves another state than the eager one.');
  } finally {
    restore();
  }
}

const nameOf = ({ kernel, path }: Trace) => `"${kernel}"${path === '' ? '' : ` in "${path}"`}`;
const differs = (position: number, how: string) =>
  new Error(
    `A captured step differs from its eager run at launch ${position}: ${how}. Does it read a value that changes?`,
  );

function compare(position: number, eager: Trace | undefined, replay: Trace): void {
  if (!eager) throw differs(position, `the recording goes on with ${nameOf(replay)}, eager has ended`);
  if (eager.kernel !== replay.kernel || eager.path !== replay.path)
    throw differs(position, `recorded ${nameOf(replay)}, eager ${nameOf(eager)}`);
  if (!eager.written.every((data, i) => sameBits(data, replay.written[i])))
    throw differs(position, `${nameOf(replay)} gives other numbers`);
}
