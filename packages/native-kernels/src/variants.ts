import type { DType, Kernel } from '@nn/tensor';
import type { NativeKernel } from './addon.js';

/** A native kernel that stands in for a TypeScript one, for one combination of dtypes. */
export interface Variant {
  /** The kernel's number in C++. */
  readonly index: number;
  readonly dtypes: readonly DType[];
}

/** Finds the native kernel for a TypeScript kernel and the dtypes of its buffers. */
export type FindVariant = (kernel: Kernel, dtypeOf: (buffer: number) => DType) => Variant | undefined;

/**
 * Looks kernels up by name and dtypes. The first use of a kernel compares its signature with the native one's.
 * Errors: the two differ, which means that one of them was changed without the other.
 */
export function variantsOf(native: readonly NativeKernel[]): FindVariant {
  const byName = new Map<string, Variant[]>();
  native.forEach(({ name, buffers }, index) => {
    const variant = { index, dtypes: buffers.map(({ dtype }) => dtype) };
    byName.set(name, [...(byName.get(name) ?? []), variant]);
  });
  const byKernel = new WeakMap<Kernel, readonly Variant[]>();

  const first = (kernel: Kernel): readonly Variant[] => {
    const variants = byName.get(kernel.name) ?? [];
    for (const { index } of variants) compareSignatures(kernel, native[index]);
    byKernel.set(kernel, variants);
    return variants;
  };

  return (kernel, dtypeOf) => {
    const variants = byKernel.get(kernel) ?? first(kernel);
    for (let i = 0; i < variants.length; i++) {
      const { dtypes } = variants[i];
      let buffer = 0;
      while (buffer < dtypes.length && dtypes[buffer] === dtypeOf(buffer)) buffer++;
      if (buffer === dtypes.length) return variants[i];
    }
    return undefined;
  };
}

function compareSignatures(kernel: Kernel, native: NativeKernel): void {
  const expected = signature(
    kernel.bufferNames.map((name, i) => `${kernel.accesses[i]} ${name}`),
    kernel.attrNames.map((name, i) => (kernel.attrKinds[i] === 'numbers' ? `${name}[]` : name)),
  );
  const actual = signature(
    native.buffers.map(({ access, name }) => `${access} ${name}`),
    native.attributes.map(({ name, list }) => (list ? `${name}[]` : name)),
  );
  if (expected === actual) return;
  throw new Error(
    `Kernel "${kernel.name}" is ${expected} in TypeScript but ${actual} in C++; ` +
      'give a new kernel another name, or build the native kernels again.',
  );
}

const signature = (buffers: readonly string[], attributes: readonly string[]) =>
  `{ ${buffers.join(', ')} } ${attributes.join(' ')}`.trim();
