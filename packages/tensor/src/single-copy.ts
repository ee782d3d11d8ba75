const key = Symbol.for('@nn/tensor');
const loaded = globalThis as { [key]?: string };
const other = loaded[key];

// Two copies would have two doors, tapes and random streams: tensors of one mean nothing to the other.
if (other !== undefined && other !== import.meta.url) {
  throw new Error(
    `Two copies of @nn/tensor are loaded:\n  ${other}\n  ${import.meta.url}\n` +
      'Packages name it as a peer dependency, so that one copy serves all; see `npm ls @nn/tensor`.',
  );
}
loaded[key] = import.meta.url;
